import { computedOnce } from "./computed-once.js";
import type { QueryFilter } from "./person-metrics.js";
import type { Place } from "./results.js";
import { whole } from "./words.js";

/** Some of the queries, selected by query or by person. */
export interface QueryGroup {
  readonly name: string;
  readonly counts: QueryFilter;
}

/** By whether the person has seen the answer before. */
export const seenGroups: readonly QueryGroup[] = [
  { name: "revisits", counts: ({ seen }) => seen },
  { name: "new items", counts: ({ seen }) => !seen },
];

/** All queries, then revisits and new items. */
export const usualGroups: readonly QueryGroup[] = [{ name: "all queries", counts: () => true }, ...seenGroups];

/**
 * By the number of pairs a person has before the first query: up to four groups of about equal size.
 *
 * @param lengths - one per person.
 * @returns groups that contain each person once; empty if all lengths are the same, because one group has no meaning.
 */
export function lengthGroups(lengths: readonly number[]): readonly QueryGroup[] {
  return knownGroups([lengths], "", () =>
    quartileBins(lengths).map(({ low, high }) => ({
      name: `${rangeText(low, high)} pairs before`,
      counts: (_, length) => length >= low && length <= high,
    })),
  );
}

/** Groups of the same people are the same objects, so that what was computed for a group is found again. */
const knownGroups = computedOnce<readonly QueryGroup[]>();

/**
 * By how often train people took the query's answer: up to four groups with about as many queries each, `taken 5 to 8 times`.
 *
 * @param trainPairs - number of train pairs with the item as their label, `[items]`.
 * @param labels - the answers of all queries.
 * @returns groups that contain each query once; empty if all answers are equally frequent.
 */
export function popularityGroups(trainPairs: readonly number[], labels: readonly number[]): QueryGroup[] {
  const count = (label: number) => trainPairs[label] ?? 0;
  return quartileBins(labels.map(count)).map(({ low, high }) => ({
    name: low === 1 && high === 1 ? "taken once" : `taken ${rangeText(low, high)} times`,
    counts: ({ label }) => count(label) >= low && count(label) <= high,
  }));
}

/** Ranges of whole numbers, cut at the quartiles of the values: the one rule of bins. Empty if all values are equal. */
function quartileBins(values: readonly number[]): { readonly low: number; readonly high: number }[] {
  const sorted = [...values].sort((a, b) => a - b);
  const [least, greatest] = [sorted[0], sorted.at(-1)];
  if (least === undefined || greatest === undefined || least === greatest) return [];
  const cuts = [0.25, 0.5, 0.75].flatMap((share) => sorted[Math.floor(share * (sorted.length - 1))] ?? []);
  const highs = [...new Set(cuts.filter((cut) => cut < greatest)), greatest];
  return highs.map((high, i) => {
    const below = highs[i - 1];
    return { low: below === undefined ? least : below + 1, high };
  });
}

const rangeText = (low: number, high: number) => (low === high ? whole(low) : `${whole(low)} to ${whole(high)}`);

/** The groups of a window. In the first window all people have exactly the K support pairs before the queries. */
export function queryGroups({ window }: Pick<Place, "window">, lengths: readonly number[]): QueryGroup[] {
  return window === "first" ? [...seenGroups] : [...seenGroups, ...lengthGroups(lengths)];
}
