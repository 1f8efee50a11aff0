import { readFileSync } from "node:fs";

const placeholder = '<script type="application/json" id="kshot-data"></script>';

/** The built page, whole: one HTML file that needs nothing else. */
export function reportPage(): string {
  return readFileSync(new URL("./index.html", import.meta.url), "utf8");
}

/**
 * The page with results inside. What is in them cannot end the script element or be taken for markup: every `<` is written as
 * `\u003c`, which JSON reads back as `<`.
 */
export function pageWithResults(page: string, results: readonly unknown[]): string {
  const at = page.indexOf(placeholder);
  if (at === -1) throw new Error("The report page has no place for results.");
  const json = JSON.stringify(results).replace(/[<\u2028\u2029]/g, (letter) => {
    return `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  const end = placeholder.length - "</script>".length;
  return `${page.slice(0, at + end)}${json}${page.slice(at + end)}`;
}
