import { type MeasuredName, type MetricName, metricNames, usageError, type Window } from "@kshot/contract";
import { type Advice, adviceOf } from "./advice.js";
import {
  commonSplit,
  requireComparable,
  requireLists,
  requireOnePerSeed,
  requireSameData,
  requireSamePeople,
} from "./checks.js";
import { type ComparedWindow, compareWindow, isOfLists } from "./compare-window.js";
import { fewShotOf, windowsAreTheSame } from "./evaluations.js";
import { familyOf, type TestFamily, withHolm } from "./family.js";
import { type Method, methodsOf, referenceOf } from "./methods.js";
import { modelsOf } from "./models.js";
import { type PersonalVerdict, personalOf } from "./personal-signal.js";
import type { NamedResults, Split } from "./results.js";
import { usualMetric } from "./words.js";

/** The result of a comparison; `kshot compare --json` prints it. */
export interface Comparison<Name extends MeasuredName = MetricName> {
  readonly schema: "kshot.comparison/1";
  readonly split: Split;
  readonly reference: string;
  readonly metric: Name;
  readonly fingerprint: string;
  readonly k: number;
  readonly q: number;
  /** Whether both windows contain the same queries of the same people; a text shows them once. */
  readonly sameWindows: boolean;
  /** The family of Holm's correction: all methods, windows and metrics of the comparison, windows of the same queries once. */
  readonly family: TestFamily;
  readonly windows: readonly AdvisedWindow<Name>[];
}

/** A compared window, and whether to adapt there. */
export interface AdvisedWindow<Name extends MeasuredName = MetricName> extends ComparedWindow<Name> {
  readonly advice: Advice | null;
  /** Whether there is a personal signal; null if no method adapts and no measurement was made. */
  readonly personal: PersonalVerdict | null;
}

/** Options of a comparison. */
export interface CompareOptions<Name extends MeasuredName = MetricName> {
  /** Default: test if the results have it, otherwise val. */
  readonly split?: Split;
  readonly windows?: readonly Window[];
  /** Algorithm that the others are compared with; default: the plain GRU, otherwise the first. */
  readonly reference?: string;
  /** Metric of the test, the groups and the ideal observer's share, of the five or any other; default accuracy@1. */
  readonly metric?: Name;
}

/**
 * Compares results of one data set: figures with intervals, and paired differences to a reference, per window (`compareWindow`).
 *
 * @throws `USAGE` for no result, an unknown reference, a method and seed that appear twice, or methods without a seed in common;
 * `DATA`, naming both files, for results whose data, split or people differ, for results of one person, and for a metric of lists
 * that an evaluation does not have.
 * @example
 * ```js
 * import { compareResults, compareTable } from "@kshot/comparison";
 *
 * // Contents of two results files, shortened: one query each of two people, its label at the rank `higher` + 1.
 * const file = (algorithm, steps, higher) => ({
 *   name: `${algorithm}.json`,
 *   results: {
 *     ...{ algorithm, k: 5, q: 1 },
 *     config: { seed: 1, metasgd_config: { num_inner_steps: 5 } },
 *     data: { fingerprint: "f", items: ["a", "b", "c"], people: { train: 8, val: 2, test: 2 } },
 *     evaluations: [
 *       {
 *         ...{ split: "test", window: "first", k: 5, steps, metrics: {} },
 *         people: {
 *           user: ["ann", "bob"],
 *           historyLength: [9, 9],
 *           queries: higher.map((rank) => [{ label: 0, seen: false, higher: rank, tied: 0 }]),
 *         },
 *       },
 *     ],
 *     history: { iteration: [], metaLoss: [], validation: [], alpha: {} },
 *     alpha: {},
 *     test: { opened: 1 },
 *   },
 * });
 * const comparison = compareResults([file("gru", 0, [0, 2]), file("meta-sgd", 5, [0, 0])]);
 * const [, metaSgd] = comparison.windows[0].methods;
 * console.log(metaSgd.name, metaSgd.difference["accuracy@1"].value); // Meta-SGD 0.5
 * console.log(comparison.windows[0].advice.headline); // Adapt? No verdict.
 * console.log(compareTable(comparison));
 * ```
 */
export function compareResults<Name extends MeasuredName = MetricName>(
  given: readonly NamedResults[],
  options: CompareOptions<Name> = {},
): Comparison<Name | MetricName> {
  const [first] = given;
  if (first === undefined) {
    throw usageError({ where: "results to compare", found: "none", expected: "results files, or a run's folder" });
  }
  requireSameData(given);
  const split = options.split ?? commonSplit(given);
  requireOnePerSeed(given);
  const all = modelsOf(given);
  const methods = methodsOf(all);
  const metric: Name | MetricName = options.metric ?? usualMetric;
  const reference = askedReference(methods, options.reference);
  const windows = (options.windows ?? (["first", "last"] as const)).filter(
    (window) => options.windows !== undefined || all.every(({ results }) => fewShotOf(results, { split, window })),
  );
  if (windows.length === 0) requireSamePeople(all, { split, window: "first" });
  const sameWindows =
    windows.length === 2 &&
    windowsAreTheSame(
      all.map(({ results }) => results),
      split,
    );
  const compared = windows.flatMap((window): AdvisedWindow<Name | MetricName>[] => {
    const place = { split, window };
    requireComparable(all, methods, reference, place);
    requireLists(all, metric, place);
    const found = compareWindow(methods, reference, place, { metrics: metricsShown(metric), metric });
    // Higher coverage or novelty is not always better, so these metrics give no verdict.
    const advice = isOfLists(metric) ? null : adviceOf(methods, place, metric);
    return found === null ? [] : [{ ...found, advice, personal: personalOf(methods, place, metric) }];
  });
  // Windows of the same queries are shown once, so that their tests count once.
  const corrected = sameWindows ? compared.flatMap((one) => withHolm([one], metric)) : withHolm(compared, metric);
  return {
    schema: "kshot.comparison/1",
    split,
    reference: reference.title,
    metric,
    fingerprint: first.results.data.fingerprint,
    k: first.results.k,
    q: first.results.q,
    sameWindows,
    family: corrected[0]?.family ?? familyOf([]),
    windows: corrected,
  };
}

/** The metrics of a comparison: the usual five, and the chosen one if it is another. */
export function metricsShown<Name extends MeasuredName>(metric: Name): (Name | MetricName)[] {
  return [...new Set<Name | MetricName>([...metricNames, metric])];
}

function askedReference(methods: readonly Method[], wanted: string | undefined): Method {
  const found = referenceOf(methods, ({ algorithm }) => algorithm === wanted);
  if (found !== undefined && (wanted === undefined || found.algorithm === wanted)) return found;
  throw usageError({
    where: `--reference ${wanted}`,
    found: "no result of it",
    expected: [...new Set(methods.map(({ algorithm }) => algorithm))].join(", "),
  });
}
