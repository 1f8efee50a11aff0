import { adviceOf, type ComparableResults, methodsOf, type NamedResults, usualMetric } from "@kshot/comparison";
import { escapeMarkup } from "./figures/svg.js";
import { placesOf } from "./model/places.js";

/**
 * The answer of a page as markup that needs no script: a browser paints it before it has read the results below. The page's
 * script then replaces it by the same text.
 *
 * @param values - results, or `{label, results}`, as in the page.
 * @returns empty markup if they have no evaluation, or are not results.
 */
export function headlineOf(values: readonly unknown[]): string {
  const files = values.map((value, i): NamedResults => {
    const { label, results } = (value ?? {}) as { label?: string; results?: ComparableResults };
    return results === undefined
      ? { name: `${i}`, results: value as ComparableResults }
      : { name: `${i}`, results, ...(label === undefined ? {} : { label }) };
  });
  try {
    const [place] = placesOf(files.map(({ results }) => results));
    const advice = place === undefined ? null : adviceOf(methodsOf(files), place, usualMetric);
    if (advice === null) return "";
    const lines = [advice.reason, ...[advice.use, advice.winner].flatMap((line) => line ?? [])];
    return `<main class="early"><div class="advice"><p class="headline">${escapeMarkup(advice.headline)}</p>${lines
      .map((line) => `<p>${escapeMarkup(line)}</p>`)
      .join("")}</div><p class="note">Reading the results…</p></main>`;
  } catch {
    // The page's script reports the problem of these results.
    return "";
  }
}
