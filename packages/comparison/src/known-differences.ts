import type { PairedDifference, PairedMetrics } from "@kshot/metrics";

/** Largest number of differences that are kept; the oldest is removed first. A page of 16 methods has about 300 for each metric. */
const most = 3000;

const known = new Map<string, { readonly asked: PairedMetrics; readonly found: PairedDifference }>();

/**
 * A paired difference that was computed before from the same numbers and the same draws. Its interval is the same, so a page that
 * shows a difference twice resamples it once.
 *
 * @param draws - the name of the stream of draws.
 */
export function knownDifference(asked: PairedMetrics, draws: string): PairedDifference | undefined {
  const one = known.get(keyOf(asked, draws));
  return one !== undefined && isSame(one.asked, asked) ? one.found : undefined;
}

/** Keeps a difference for `knownDifference`. */
export function keepDifference(asked: PairedMetrics, draws: string, found: PairedDifference): void {
  known.set(keyOf(asked, draws), { asked, found });
  const [oldest] = known.keys();
  if (known.size > most && oldest !== undefined) known.delete(oldest);
}

/** A key that is almost always different for different numbers; `isSame` decides. */
export function keyOf({ method, reference, queries = [] }: PairedMetrics, draws: string): string {
  const lists = (all: PairedMetrics["method"]) => all.map(sumOf).join(",");
  return `${draws} ${method[0]?.length ?? 0} ${lists(method)} ${lists(reference)} ${sumOf(queries)}`;
}

const sums = new WeakMap<readonly number[], number>();

/** A sum that depends on the order of the values. Lists do not change, so each is read once. */
function sumOf(list: readonly number[]): number {
  const found = sums.get(list);
  if (found !== undefined) return found;
  let sum = 0;
  let weight = 1;
  for (const value of list) {
    sum += value * weight;
    weight = (weight * 16807) % 2147483647;
  }
  sums.set(list, sum);
  return sum;
}

/** Whether two comparisons have the same numbers. */
export function isSame(a: PairedMetrics, b: PairedMetrics): boolean {
  const same = (one: readonly number[] = [], other: readonly number[] = []) =>
    one === other || (one.length === other.length && one.every((value, i) => value === other[i]));
  const all = (one: PairedMetrics["method"], other: PairedMetrics["method"]) =>
    one.length === other.length && one.every((list, i) => same(list, other[i]));
  return all(a.method, b.method) && all(a.reference, b.reference) && same(a.queries, b.queries);
}
