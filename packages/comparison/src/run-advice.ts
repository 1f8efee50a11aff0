import { adviceLines, adviceOf } from "./advice.js";
import { windowHeading } from "./compare-table.js";
import { windowsAreTheSame } from "./evaluations.js";
import { methodsOf } from "./methods.js";
import type { ComparableResults, Split } from "./results.js";
import { usualMetric } from "./words.js";

/**
 * Whether to adapt, and the highest method, of one run's results: the sentences of the page and of `kshot compare`, window by
 * window. `whichToUse` prints which method to use, once.
 *
 * @returns paragraphs, each below the window's heading; empty without an evaluation.
 */
export function runAdvice(results: readonly ComparableResults[], { split }: { readonly split: Split }): string {
  const methods = methodsOf(results.map((own) => ({ name: own.algorithm, results: own })));
  const same = windowsAreTheSame(results, split);
  return (same ? (["first"] as const) : (["first", "last"] as const))
    .flatMap((window) => {
      const advice = adviceOf(methods, { split, window }, usualMetric);
      return advice === null
        ? []
        : [[windowHeading(split, window, same), ...adviceLines({ ...advice, use: null })].join("\n")];
    })
    .join("\n\n");
}
