import type { QueryFilter } from "./person-metrics.js";
import type { Place } from "./results.js";

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

/**
 * By the number of pairs a person has before the first query: up to four groups of about equal size, cut at the quartiles.
 *
 * @param lengths - one per person.
 * @returns groups that contain each person once; empty if all lengths are the same, because one group has no meaning.
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

/** The groups of a window. In the first window all people have exactly the K support pairs before the queries. */
export function queryGroups({ window }: Pick<Place, "window">, lengths: readonly number[]): QueryGroup[] {
  return window === "first" ? [...seenGroups] : [...seenGroups, ...lengthGroups(lengths)];
}
