import { readFileSync } from "node:fs";
import { jsonPieces } from "@kshot/contract";

const placeholder = '<script type="application/json" id="kshot-data"></script>';

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
 */
export function* pagePieces(page: string, results: readonly unknown[]): Generator<string, void, undefined> {
  const at = page.indexOf(placeholder);
  if (at === -1) throw new Error("The report page has no place for results.");
  const end = at + placeholder.length - "</script>".length;
  yield page.slice(0, end);
  for (const piece of jsonPieces(results, 4)) {
    yield piece.replace(/[<\u2028\u2029]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
  }
  yield page.slice(end);
}

/** The page with results inside, whole. */
export function pageWithResults(page: string, results: readonly unknown[]): string {
  return [...pagePieces(page, results)].join("");
}
