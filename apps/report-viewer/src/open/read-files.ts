import { messageOf } from "@kshot/contract";
import { batch } from "@preact/signals";
import { openTexts } from "../opened-files.js";
import { busy, problems } from "../state.js";
import { isModelFile, openModelFile } from "./model.js";
import { headLength, refusal, tailLength } from "./refusal.js";

/** A larger file would block the page. */
const mostBytes = 150 * 2 ** 20;

/** More files at once would take more memory than a page has. */
const mostTogether = 512 * 2 ** 20;

/** Reads files that were dropped or chosen. A file that is too large or not a results file becomes a message; the others open. */
export async function openFiles(list: Iterable<File>): Promise<void> {
  const texts: { name: string; text: string }[] = [];
  const refused: string[] = [];
  let together = 0;
  for (const file of list) {
    if (isModelFile(file.name)) {
      busy.value = `Opening ${file.name}…`;
      const problem = await openModelFile(file.name, new Uint8Array(await file.arrayBuffer()));
      if (problem !== null) refused.push(problem);
      continue;
    }
    if (file.size > mostBytes) {
      refused.push(
        `${file.name}: ${Math.round(file.size / 2 ** 20)} MB, more than the 150 MB that the page can open. Results files are smaller. Is this a results file?`,
      );
      continue;
    }
    together += file.size;
    if (together > mostTogether) {
      refused.push(
        `${file.name} is not opened: with this file, all files together would have more than ${mostTogether / 2 ** 20} MB, which is more than a page can hold. Open fewer files, or make a page of them with kshot report, which writes shared lists once.`,
      );
      together -= file.size;
      continue;
    }
    busy.value = `Reading ${file.name}…`;
    try {
      const head = await file.slice(0, headLength).text();
      const tail = await file.slice(-tailLength).text();
      const why = refusal(head, tail, file.size);
      if (why === null) texts.push({ name: file.name, text: await file.text() });
      else refused.push(/^the /.test(why) ? `${file.name}: ${why}` : `${file.name} ${why}`);
    } catch (error) {
      refused.push(`${file.name} cannot be read (${messageOf(error)}).`);
    }
  }
  batch(() => {
    openTexts(texts);
    problems.value = [...problems.value, ...refused];
    busy.value = null;
  });
}
