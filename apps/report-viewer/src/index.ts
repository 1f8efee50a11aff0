import { readFileSync } from "node:fs";
import { jsonPieces } from "@kshot/contract";

const placeholder = '<script type="application/json" id="kshot-data"></script>';
const modelPlace = '<script type="application/json" id="kshot-model"></script>';

/** A model's file, to be tried in the page. */
export interface ModelInPage {
  /** What the page calls it. */
  readonly name: string;
  /** The safetensors file, with its learning rates inside. */
  readonly bytes: Uint8Array;
}

/** The built page, whole: one HTML file that needs nothing else. */
export function reportPage(): string {
  return readFileSync(new URL("./index.html", import.meta.url), "utf8");
}

/**
 * Results as they stand inside a page: as the file, or beside their run's name (`{label, results}`).
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
 * The page with results inside, in pieces for a file. What is in them cannot end the script element or be taken for markup: every
 * `<` is written as `\u003c`, which JSON reads back as `<`.
 *
 * @param model - stands in the page in base64; left out: none does.
 */
export function* pagePieces(
  page: string,
  results: readonly unknown[],
  model?: ModelInPage,
): Generator<string, void, undefined> {
  const at = page.indexOf(placeholder);
  if (at === -1) throw new Error("The report page has no place for results.");
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

/** JSON in which nothing ends a script element or is taken for markup. */
function safe(json: string): string {
  return json.replace(/[<\u2028\u2029]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The page with results inside, whole. */
export function pageWithResults(page: string, results: readonly unknown[], model?: ModelInPage): string {
  return [...pagePieces(page, results, model)].join("");
}
