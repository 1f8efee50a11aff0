import { adviceOf } from "./advice.js";
import { isBound } from "./algorithms.js";
import { methodsOf } from "./methods.js";
import type { ComparableResults, Split } from "./results.js";
import { usualMetric } from "./words.js";

/**
 * Which method of a run to use, and why: the sentences that `kshot compare` and the page print about the first window.
 *
 * @returns null for fewer than two usable methods, and for too few people
 */
export function whichToUse(results: readonly ComparableResults[], { split }: { readonly split: Split }): string | null {
  const methods = methodsOf(results.map((own) => ({ name: own.algorithm, results: own })));
  if (methods.filter(({ algorithm }) => !isBound(algorithm)).length < 2) return null;
  const { use = null, winner = null } = adviceOf(methods, { split, window: "first" }, usualMetric) ?? {};
  return use === null ? null : [use, ...(winner === null ? [] : [winner])].join(" ");
}
