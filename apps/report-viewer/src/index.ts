import { readFileSync } from "node:fs";
import { jsonPieces, usageError } from "@kshot/contract";
import { headlineOf } from "./headline.js";
import { pack } from "./packing/pack.js";
import { isPackedHead, unpack } from "./packing/unpack.js";

const placeholder = '<script type="application/json" id="kshot-data"></script>';
const appPlace = '<div id="app"></div>';
const runPlace = '<script type="application/json" id="kshot-run"></script>';
const modelPlace = '<script type="application/json" id="kshot-model"></script>';

/** A model's file that the page can compute with. */
export interface ModelInPage {
  /** Its name on the page. */
  readonly name: string;
  /** The safetensors file, including its learning rates. */
  readonly bytes: Uint8Array;
}

/** The built page: one HTML file without other files. */
export function reportPage(): string {
  return readFileSync(new URL("./index.html", import.meta.url), "utf8");
}

/**
 * Results in the form of the page's data: the file, or the file with its run's name (`{label, results}`).
 *
 * @example
 * ```ts
 * const html = pageWithResults(reportPage(), named.map(inPage));
 * ```
 */
export function inPage({ label, results }: { readonly label?: string; readonly results: unknown }): unknown {
  return label === undefined ? results : { label, results };
}

/** Largest number of characters of results in a page: with more a browser takes minutes and gigabytes to open it. */
const mostCharacters = 384 * 2 ** 20;

/**
 * The page with results inside, in pieces for a file. The answer comes first, as markup that needs no script; lists that results have
 * in common are written once. Results cannot end their script element or be parsed as markup: every `<` is written as `\u003c`, which
 * JSON reads back as `<`.
 *
 * @param model - stored in the page in base64; if omitted, there is none.
 * @param run - the state of a run that has not ended: the page shows the state, and reloads itself while it is `running`.
 * @throws `USAGE` for results that are too large for a page.
 */
export function* pagePieces(
  page: string,
  results: readonly unknown[],
  model?: ModelInPage,
  run?: unknown,
): Generator<string, void, undefined> {
  const at = page.indexOf(placeholder);
  if (at === -1) throw new Error("The report page has no element for results.");
  const end = at + placeholder.length - "</script>".length;
  yield page.slice(0, end).replace(appPlace, `${appPlace.slice(0, -"</div>".length)}${headlineOf(results)}</div>`);
  let written = 0;
  const counted = function* (value: unknown): Generator<string, void, undefined> {
    for (const piece of jsonPieces(value, 5)) {
      written += piece.length;
      if (written > mostCharacters) {
        throw usageError({
          where: "the report page",
          found: `${results.length} results with more than ${mostCharacters / 2 ** 20} MB of ranks and rates`,
          expected: "at most that much, so that a browser can open the page",
          todo: "Make a page of fewer results",
        });
      }
      yield safe(piece);
    }
  };
  const { head, results: packed } = pack(results);
  yield* counted(head);
  for (const one of packed) {
    yield '</script><script type="application/json" class="kshot-result">';
    yield* counted(one);
  }
  const rest = run === undefined ? page.slice(end) : withRun(page.slice(end), run);
  const place = rest.indexOf(modelPlace);
  if (model === undefined || place === -1) {
    yield rest;
    return;
  }
  const inside = place + modelPlace.length - "</script>".length;
  yield rest.slice(0, inside);
  yield safe(JSON.stringify({ name: model.name, bytes: Buffer.from(model.bytes).toString("base64") }));
  yield rest.slice(inside);
}

/**
 * The results inside a page, as `pagePieces` got them.
 *
 * @param html - the whole page.
 */
export function resultsInPage(html: string): unknown[] {
  const element = (start: string) => new RegExp(`<script type="application/json" ${start}>(.*?)</script>`, "gs");
  const texts = (start: string) => [...html.matchAll(element(start))].map(([, text = ""]) => text);
  const [head = ""] = texts('id="kshot-data"');
  const value: unknown = head === "" ? null : JSON.parse(head);
  if (!isPackedHead(value)) return Array.isArray(value) ? value : [];
  return texts('class="kshot-result"').map((text) => unpack(value, JSON.parse(text)));
}

/** The rest of the page with the state of a run in its element. */
function withRun(rest: string, run: unknown): string {
  const element = `${runPlace.slice(0, -"</script>".length)}${safe(JSON.stringify(run))}</script>`;
  return rest.replace(runPlace, () => element);
}

/** JSON that cannot end a script element or be parsed as markup. */
function safe(json: string): string {
  return json.replace(/[<\u2028\u2029]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The page with results inside, as one text. */
export function pageWithResults(page: string, results: readonly unknown[], model?: ModelInPage): string {
  return [...pagePieces(page, results, model)].join("");
}
