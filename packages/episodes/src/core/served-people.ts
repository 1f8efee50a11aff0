import { servedShares } from "@kshot/contract";

/** How many people have the K + Q pairs of an episode. */
export interface Served {
  readonly k: number;
  readonly q: number;
  readonly people: number;
}

/**
 * The number of people with K + Q pairs; then, for each share of `servedShares` that they do not reach, the largest K′ + Q′ in
 * about the same proportion that reaches it. A share that is not reached with K = Q = 1 is omitted.
 *
 * @param counts - pairs of each person, `[people]`; people without a pair do not count
 */
export function servedPeople(counts: Int32Array, k: number, q: number): Served[] {
  const withPair = counts.filter((count) => count > 0).sort();
  const served = (size: number) => withPair.length - lowerBound(withPair, size);
  const found: Served[] = [{ k, q, people: served(k + q) }];
  for (const share of servedShares) {
    const needed = Math.ceil(share * withPair.length - 1e-9);
    let size = k + q;
    while (size >= 2 && served(size) < needed) size--;
    if (size < 2) continue;
    const smallerK = Math.min(size - 1, Math.max(1, Math.round((size * k) / (k + q))));
    const entry = { k: smallerK, q: size - smallerK, people: served(size) };
    if (!found.some((other) => other.k + other.q === size)) found.push(entry);
  }
  return found;
}

/** The first index whose value is at least `least`, of ascending values. */
function lowerBound(values: Int32Array, least: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
