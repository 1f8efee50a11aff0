import { type Interval, meanInterval } from "./bootstrap.js";
import { type Method, type Place, usesSupport } from "./methods.js";
import type { MetricName } from "./metrics.js";
import { type PeopleFigures, peopleFigures, type QueryFilter, samePeople } from "./people.js";

/** A method's row of the comparison. */
export interface ComparedRow {
  readonly method: Method;
  readonly few: Interval;
  /** Null where the support pairs change nothing. */
  readonly zero: Interval | null;
  /** To the baseline, paired over people; null for the baseline itself and for other people. */
  readonly difference: Interval | null;
  readonly bySeed: readonly number[];
}

/** A method that knows how the data were made: a bound to the others, which wins nothing. */
export function isCeiling({ algorithm }: Method): boolean {
  return algorithm === "ideal";
}

/** Rows for the methods that have the place, by few-shot figure, the best first, ceilings after all others. */
export function comparedRows(
  methods: readonly Method[],
  place: Place,
  metric: MetricName,
  baseline: Method | undefined,
): ComparedRow[] {
  const reference = baseline && peopleFigures(baseline, place, metric, "few");
  return methods
    .flatMap((method): ComparedRow[] => {
      const few = peopleFigures(method, place, metric, "few");
      if (few === undefined) return [];
      const zero = usesSupport(method, place) ? peopleFigures(method, place, metric, "zero") : undefined;
      return [
        {
          method,
          few: meanInterval(few.mean, few.queries),
          zero: zero ? meanInterval(zero.mean, zero.queries) : null,
          difference: method === baseline || !reference ? null : pairedInterval(few, reference),
          bySeed: few.bySeed,
        },
      ];
    })
    .sort((a, b) => Number(isCeiling(a.method)) - Number(isCeiling(b.method)) || b.few.value - a.few.value);
}

/** A minus b, paired by person; null where they are not the same people. */
export function pairedInterval(a: PeopleFigures, b: PeopleFigures): Interval | null {
  if (!samePeople(a, b)) return null;
  return meanInterval(
    a.mean.map((value, p) => value - b.mean[p]!),
    a.queries,
  );
}

/** A breakdown of the queries. */
export interface QueryGroup {
  readonly name: string;
  readonly counts: QueryFilter;
}

export const seenGroups: readonly QueryGroup[] = [
  { name: "revisits", counts: (query) => query.seen },
  { name: "new items", counts: (query) => !query.seen },
];

/** History lengths in up to four groups of about as many people each. */
export function lengthGroups(lengths: readonly number[]): QueryGroup[] {
  const sorted = [...lengths].sort((a, b) => a - b);
  const cuts = [0.25, 0.5, 0.75].map((share) => sorted[Math.floor(share * (sorted.length - 1))]!);
  const ends = [...new Set(cuts)].filter((cut) => cut < sorted.at(-1)!);
  const bounds = [...ends, sorted.at(-1)!];
  return bounds.map((high, i) => {
    const low = i === 0 ? sorted[0]! : bounds[i - 1]! + 1;
    return {
      name: low === high ? `${low} pairs before` : `${low} to ${high} pairs before`,
      counts: (_, length) => length >= low && length <= high,
    };
  });
}
