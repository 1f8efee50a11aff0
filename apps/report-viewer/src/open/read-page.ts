import { messageOf } from "@kshot/contract";
import { openValues } from "../opened-files.js";
import { isPackedHead, unpack } from "../packing/unpack.js";
import { problems } from "../state.js";

/**
 * Results of up to this number of characters are read at once. Larger ones are read one after another, so that the page stays
 * responsive.
 */
const atOnce = 4 * 2 ** 20;

/** Opens the results inside the page, then calls `done`. Without results, or with broken ones, `done` is called too. */
export function readPage(done: () => void): void {
  const head = document.getElementById("kshot-data")?.textContent?.trim() ?? "";
  const elements = [...document.querySelectorAll("script.kshot-result")];
  const values: unknown[] = [];
  const finish = () => {
    openValues(values);
    done();
  };
  const failed = (error: unknown) => {
    problems.value = [
      `The results inside this page cannot be read (${messageOf(error)}): the page was truncated or changed. Make it again with kshot report, or open the results files themselves.`,
    ];
    done();
  };
  try {
    const first: unknown = head === "" ? [] : JSON.parse(head);
    if (!isPackedHead(first)) {
      values.push(...(Array.isArray(first) ? first : [first]));
      finish();
      return;
    }
    const read = (element: Element) => values.push(unpack(first, JSON.parse(element.textContent ?? "")));
    const size = elements.reduce((sum, element) => sum + (element.textContent?.length ?? 0), 0);
    if (size <= atOnce) {
      for (const element of elements) read(element);
      finish();
      return;
    }
    const next = (at: number) => {
      const element = elements[at];
      if (element === undefined) {
        finish();
        return;
      }
      try {
        read(element);
      } catch (error) {
        failed(error);
        return;
      }
      // The text is not needed again.
      element.remove();
      setTimeout(next, 0, at + 1);
    };
    setTimeout(next, 0, 0);
  } catch (error) {
    failed(error);
  }
}
