/**
 * Coverage at K: the share of items that occur in any of the top-K lists.
 *
 * `coverage@K = |⋃ᵢ Lᵢ| / N`. Range 0 … 1.
 *
 * @param lists item numbers, one list per query, `[queries][K]`
 * @param nItems N, the number of items
 * @returns 0 for no lists
 * Source: Ge, Delgado-Battenfeld & Jannach 2010, catalogue coverage.
 */
export function coverage(lists: Iterable<readonly number[]>, nItems: number): number {
  const listed = new Set<number>();
  for (const list of lists) for (const item of list) listed.add(item);
  return listed.size / nItems;
}
