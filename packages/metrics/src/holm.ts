import { entryAt } from "@kshot/contract";
/**
 * Holm's step-down correction: the i-th smallest of m p-values is multiplied by m − i + 1, is at least the one before, and at
 * most 1. The result is in the order of the input. If results of at most .05 are rejected, the probability of any false rejection
 * is at most .05. Holm 1979.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => entryAt(pValues, a) - entryAt(pValues, b));
  const adjusted = pValues.slice();
  let least = 0;
  order.forEach((index, place) => {
    least = Math.max(least, Math.min(1, (pValues.length - place) * entryAt(pValues, index)));
    adjusted[index] = least;
  });
  return adjusted;
}
