/**
 * Holm's step-down correction: the i-th smallest of m p-values times m − i + 1, never below the one before, at most 1; in the
 * order of the input. Rejecting where the result is at most .05 keeps the chance of any false rejection at .05. Holm 1979.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = pValues.slice();
  let least = 0;
  order.forEach((index, place) => {
    least = Math.max(least, Math.min(1, (pValues.length - place) * pValues[index]!));
    adjusted[index] = least;
  });
  return adjusted;
}
