import type { QueryFilter } from "./person-metrics.js";
import type { Place } from "./results.js";

/** Some of the queries, by what they ask or whom. */
export interface QueryGroup {
  readonly name: string;
  readonly counts: QueryFilter;
}

/** By whether the person had met the answer before. */
export const seenGroups: readonly QueryGroup[] = [
  { name: "revisits", counts: ({ seen }) => seen },
  { name: "new items", counts: ({ seen }) => !seen },
];

/**
 * By how many pairs a person has before the first query: up to four groups of about as many people each, cut at the quartiles.
 *
 * @param lengths - one per person.
 * @returns groups that hold everybody once; none where all lengths are the same, since one group says nothing.
 */
export function lengthGroups(lengths: readonly number[]): QueryGroup[] {
  const sorted = [...lengths].sort((a, b) => a - b);
  const [least, greatest] = [sorted[0], sorted.at(-1)];
  if (least === undefined || greatest === undefined || least === greatest) return [];
  const cuts = [0.25, 0.5, 0.75].flatMap((share) => sorted[Math.floor(share * (sorted.length - 1))] ?? []);
  const highs = [...new Set(cuts.filter((cut) => cut < greatest)), greatest];
  return highs.map((high, i) => {
    const below = highs[i - 1];
    const low = below === undefined ? least : below + 1;
    return {
      name: low === high ? `${low} pairs before` : `${low} to ${high} pairs before`,
      counts: (_, length) => length >= low && length <= high,
    };
  });
}

/** The groups of a window. In the first window everybody has the K support pairs before the queries and no more. */
export function queryGroups({ window }: Pick<Place, "window">, lengths: readonly number[]): QueryGroup[] {
  return window === "first" ? [...seenGroups] : [...seenGroups, ...lengthGroups(lengths)];
}
