/**
 * Self-information of each item, in bits: larger for items that are rarer in the train pairs.
 *
 * `I(i) = −log₂((cᵢ + 1) / (n + N))` with cᵢ the number of train pairs whose label is i, n = Σ cᵢ, and N items. One is added to
 * each count, so that an item without train pairs has a finite value.
 *
 * @param counts cᵢ, `[nItems]`
 * @returns `[nItems]`, bits above 0
 */
export function selfInformation(counts: ArrayLike<number>): Float64Array {
  const own = Float64Array.from(counts);
  const total = own.reduce((sum, count) => sum + count, own.length);
  return own.map((count) => -Math.log2((count + 1) / total));
}

/**
 * Novelty at K of one list: the mean self-information of its items, `(1/K) Σ I(i)`, in bits.
 *
 * @param list item numbers, `[K]`, not empty
 * @param information bits per item, `[nItems]`, as `selfInformation` gives
 * Source: Zhou et al. 2010; Castells, Vargas & Wang 2011, mean self-information.
 */
export function novelty(list: readonly number[], information: ArrayLike<number>): number {
  return list.reduce((sum, item) => sum + (information[item] ?? Number.NaN), 0) / list.length;
}
