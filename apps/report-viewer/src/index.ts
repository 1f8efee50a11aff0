import { readFileSync } from "node:fs";
import { jsonPieces } from "@kshot/contract";

const placeholder = '<script type="application/json" id="kshot-data"></script>';
const modelPlace = '<script type="application/json" id="kshot-model"></script>';

/** A model's file that the page can compute with. */
export interface ModelInPage {
  /** Its name on the page. */
  readonly name: string;
  /** The safetensors file, including its learning rates. */
  readonly bytes: Uint8Array;
}

/** The built page: one HTML file that needs no other file. */
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

/**
 * The page with results inside, in pieces for a file. Results cannot end the script element or be parsed as markup: every `<` is
 * written as `\u003c`, which JSON reads back as `<`.
 *
 * @param model - stored in the page in base64; if omitted, there is none.
 */
export function* pagePieces(
  page: string,
  results: readonly unknown[],
  model?: ModelInPage,
): Generator<string, void, undefined> {
  const at = page.indexOf(placeholder);
  if (at === -1) throw new Error("The report page has no element for results.");
  const end = at + placeholder.length - "</script>".length;
  yield page.slice(0, end);
  for (const piece of jsonPieces(results, 4)) {
    yield safe(piece);
  }
  const rest = page.slice(end);
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

/** JSON that cannot end a script element or be parsed as markup. */
function safe(json: string): string {
  return json.replace(/[<\u2028\u2029]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The page with results inside, as one text. */
export function pageWithResults(page: string, results: readonly unknown[], model?: ModelInPage): string {
  return [...pagePieces(page, results, model)].join("");
}
