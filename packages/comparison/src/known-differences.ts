import type { PairedDifference, PairedMetrics } from "@kshot/metrics";

/** Largest number of differences that are kept; the oldest is removed first. */
const most = 600;

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
function keyOf({ method, reference, queries = [] }: PairedMetrics, draws: string): string {
  let sum = 0;
  let weight = 1;
  for (const list of [...method, ...reference, queries]) {
    for (const value of list) {
      sum += value * weight;
      weight = (weight * 16807) % 2147483647;
    }
  }
  return `${draws} ${method.length} ${reference.length} ${method[0]?.length ?? 0} ${sum}`;
}

function isSame(a: PairedMetrics, b: PairedMetrics): boolean {
  const same = (one: readonly number[] = [], other: readonly number[] = []) =>
    one.length === other.length && one.every((value, i) => value === other[i]);
  const all = (one: PairedMetrics["method"], other: PairedMetrics["method"]) =>
    one.length === other.length && one.every((list, i) => same(list, other[i]));
  return all(a.method, b.method) && all(a.reference, b.reference) && same(a.queries, b.queries);
}
