import { usageError } from "@kshot/contract";

/**
 * Checks the fixed offsets of a batch against its examples.
 *
 * @param offsets `[pairs, nItems]`
 * @throws `USAGE` for another number of values, or one that is not finite
 */
export function checkOffsets(offsets: Float32Array, pairs: number, nItems: number): void {
  if (offsets.length !== pairs * nItems) {
    throw usageError({
      where: "offsets",
      found: `${offsets.length} values for ${pairs} pairs`,
      expected: `${nItems} for each pair, one for each item`,
    });
  }
  const at = offsets.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  throw usageError({
    where: `offsets, pair ${Math.floor(at / nItems)}, item ${at % nItems}`,
    found: `${offsets[at]}`,
    expected: "a finite number",
  });
}
