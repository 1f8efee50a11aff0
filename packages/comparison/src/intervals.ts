import type { Interval, MeasuredName } from "@kshot/contract";
import type { Evaluation } from "@kshot/contract/schemas";
import {
  coverage,
  type PairedDifference,
  type PairedMetrics,
  pairedDifferencesInSteps,
  randomStream,
} from "@kshot/metrics";
import { isSame, keepDifference, keyOf, knownDifference } from "./known-differences.js";
import { isUsual, namedMetrics, noMetric, overallMean, type PersonMetrics } from "./person-metrics.js";
import type { Place } from "./results.js";
import { resumed } from "./slices.js";

/** Tolerance for a file's figure and the mean of its queries; decimal text has no rounding error of this size. */
const sameFigure = 1e-9;

/**
 * The interval in a results file, for one training.
 *
 * @returns null if it must be computed: for several trainings, or if the file's figure is not the mean of its queries.
 */
export function ownInterval<Name extends MeasuredName>(
  evaluations: readonly Evaluation[],
  people: readonly PersonMetrics<Name>[],
  name: Name,
): Interval | null {
  const [own] = people;
  return own === undefined ? null : storedInterval(evaluations, name, overallMean(own.queries, own.metrics[name]));
}

/**
 * The interval in a results file of a coverage, for one training.
 *
 * @param nItems - number of items, N.
 * @returns as `ownInterval`.
 */
export function ownCoverage(evaluations: readonly Evaluation[], name: MeasuredName, nItems: number): Interval | null {
  const [value] = coverageBySeed(evaluations, name, nItems);
  return value === undefined ? null : storedInterval(evaluations, name, value);
}

/** The share of the items that are listed, one per evaluation; NaN for an evaluation without the lists. */
export function coverageBySeed(evaluations: readonly Evaluation[], name: MeasuredName, nItems: number): number[] {
  return evaluations.map(({ moreMetrics }) => {
    const lists = moreMetrics?.[name]?.listed;
    return lists === undefined ? Number.NaN : coverage(lists, nItems);
  });
}

/** The interval of the one evaluation, if its figure is the given one. */
function storedInterval(evaluations: readonly Evaluation[], name: MeasuredName, value: number): Interval | null {
  const [only, ...more] = evaluations;
  if (only === undefined || more.length > 0) return null;
  const stored: Interval | undefined = isUsual(name) ? only.metrics[name] : only.moreMetrics?.[name];
  return stored !== undefined && Math.abs(stored.value - value) <= sameFigure ? stored : null;
}

/**
 * Paired differences with intervals over people and seeds. All with the same number of people share the draws, which depend only
 * on split and window, so a figure has the same interval in every comparison.
 */
export function resampled(asked: readonly PairedMetrics[], { split, window }: Place): PairedDifference[] {
  const draws = `compare/${split}/${window}`;
  const found = asked.map((one) => knownDifference(one, draws));
  const sizes = new Set(asked.map(({ method }) => method[0]?.length ?? 0));
  for (const size of sizes) {
    const own = asked.flatMap((one, i) => ((one.method[0]?.length ?? 0) === size && found[i] === undefined ? [i] : []));
    if (own.length === 0) continue;
    const missing = own.flatMap((i) => asked[i] ?? []);
    const differences = resumed(missing.map((one) => keyOf(one, draws)).join("\n"), missing, allSame, () =>
      pairedDifferencesInSteps(missing, randomStream(0, draws)),
    );
    differences.forEach((difference, d) => {
      const i = own[d];
      const one = i === undefined ? undefined : asked[i];
      if (i === undefined || one === undefined) return;
      found[i] = difference;
      keepDifference(one, draws, difference);
    });
  }
  return found.flatMap((one) => one ?? []);
}

function allSame(a: readonly PairedMetrics[], b: readonly PairedMetrics[]): boolean {
  return a.length === b.length && a.every((one, i) => b[i] !== undefined && isSame(one, b[i]));
}

/**
 * A metric's mean over seeds with its interval over people and seeds, for many points of a curve in one pass.
 *
 * @param points - each point's evaluations, one per seed, of the same people.
 * @param nItems - number of items, N.
 */
export function meanIntervals<Name extends MeasuredName>(
  points: readonly (readonly Evaluation[])[],
  metric: Name,
  nItems: number,
  place: Place,
): Interval[] {
  const measured = points.map((evaluations) => evaluations.map((own) => namedMetrics(own, nItems, [metric])));
  const stored = points.map((evaluations, i) => ownInterval(evaluations, measured[i] ?? [], metric));
  const asked = measured.flatMap((own, i) => {
    const queries = own[0]?.queries ?? [];
    const none = [noMetric(queries.length)];
    return stored[i] ? [] : [{ method: own.map(({ metrics }) => metrics[metric]), reference: none, queries }];
  });
  const made = resampled(asked, place).map(figureInterval);
  return stored.flatMap((own) => own ?? made.shift() ?? []);
}

/** The interval of a difference of figures, which is in −1 … 1. */
export function differenceInterval({ value, low, high }: Interval): Interval {
  return { value, low: Math.max(-1, low), high: Math.min(1, high) };
}

/** The interval of a figure, which is in 0 … 1, computed as the difference to 0. */
export function figureInterval({ value, low, high }: Interval): Interval {
  return { value, low: Math.max(Math.min(0, value), low), high: Math.min(Math.max(1, value), high) };
}
