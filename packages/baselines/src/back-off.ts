import { usageError } from "@kshot/contract";

/**
 * Scores that rank the items known to a method first and all others by popularity: `1 + s` for the items with s > 0, otherwise
 * item among the train labels, which is below 1. If no train pair repeats the last item of its prefix, that item gets only its
 * popularity.
 *
 * @param counts how often each item is a label, `[nItems]`
 * @param repeats whether an item may follow itself (`itemsRepeat`)
 */
export function withBackOff(counts: ArrayLike<number>, repeats: boolean) {
  const popularity = labelShares(counts);
  return (own: ReadonlyMap<number, number>, query: ArrayLike<number>): Float64Array => {
    const scores = popularity.slice();
    const last = query[query.length - 1];
    for (const [item, score] of own) if (score > 0 && (repeats || item !== last)) scores[item] = 1 + score;
    return scores;
  };
}

/** Each item's share of the labels, below 1: count/(1 + labels). `[nItems]` */
export function labelShares(counts: ArrayLike<number>): Float64Array {
  let labels = 0;
  for (let item = 0; item < counts.length; item++) labels += counts[item]!;
  return Float64Array.from(counts, (count) => count / (1 + labels));
}

/** Refuses a query that is empty or leaves the vocabulary. */
export function requireQuery(name: string, query: ArrayLike<number>, nItems: number): void {
  let bad = 0;
  while (bad < query.length && query[bad]! >= 0 && query[bad]! < nItems) bad++;
  if (query.length > 0 && bad === query.length) return;
  throw usageError({
    where: `${name}, query prefix`,
    found: query.length === 0 ? "no items" : `item ${query[bad]} at position ${bad}`,
    expected: `at least one item, each from 0 to ${nItems - 1}`,
  });
}

/** Refuses an option that is not a positive integer. */
export function requireCount(where: string, value: number): void {
  if (Number.isInteger(value) && value > 0) return;
  throw usageError({ where, found: `${value}`, expected: "a positive whole number" });
}

/**
 * Checks an option with limits.
 *
 * @throws `USAGE` for a value that is not from `least` to `most`, NaN included
 */
export function requireBetween(where: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  throw usageError({ where, found: `${value}`, expected: `a number from ${least} to ${most}` });
}
