/**
 * Distance of two vectors, relative to the second: ‖a − b‖ / ‖b‖.
 *
 * @param a computed values
 * @param b right values
 * @param start the initial vector of both: then the distance is relative to the movement, ‖a − b‖ / ‖b − start‖
 * @returns ≥ 0; 0 for equal vectors (also of zeros), ∞ for unequal lengths, NaN where a value is NaN
 */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>, start?: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < b.length; i++) {
    difference += (a[i]! - b[i]!) ** 2;
    norm += (b[i]! - (start?.[i] ?? 0)) ** 2;
  }
  return difference === 0 ? 0 : Math.sqrt(difference / norm);
}
