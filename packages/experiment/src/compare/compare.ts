import {
  type AlgorithmName,
  type Interval,
  type MetricName,
  metricNames,
  usageError,
  type Window,
} from "@kshot/contract";
import type { Evaluation, Results } from "@kshot/contract/schemas";
import { fewPeopleWarning, holm, type PairedMetrics, pairedDifferences, signFlipTest } from "@kshot/metrics";
import { type EvaluationPlace, fewShotOf, usesSupport, zeroShotOf } from "../few-shot.js";
import { randomStream } from "../random.js";
import { type Method, methodsOf, seedOf } from "./methods.js";
import { type PairedSeeds, pairedSeeds } from "./paired-seeds.js";
import { type PeopleMetrics, peopleMetrics, type QueryFilter } from "./person-metrics.js";
import {
  commonSplit,
  type NamedResult,
  requireSameData,
  requireSamePeople,
  requireSeveralPeople,
} from "./same-people.js";

/** A difference with its interval over people, each seed's own, and their standard deviation (null for one seed). */
export interface Difference extends Interval {
  /** The seeds that were paired, in the order of `bySeed`. */
  readonly seeds: readonly number[];
  readonly bySeed: readonly number[];
  readonly seedDeviation: number | null;
}

/** One method in one window. */
export interface ComparedMethod {
  readonly name: string;
  readonly algorithm: AlgorithmName;
  readonly seeds: readonly number[];
  /** Mean over seeds with the support pairs, interval over people. */
  readonly fewShot: Readonly<Record<MetricName, Interval>>;
  /** The same without the support pairs; null for a method that uses none. */
  readonly zeroShot: Readonly<Record<MetricName, Interval>> | null;
  /** Few-shot minus the reference's few-shot; null for the reference itself. */
  readonly difference: Readonly<Record<MetricName, Difference>> | null;
  /** Few-shot minus its own zero-shot: what the support pairs add. */
  readonly gain: Readonly<Record<MetricName, Difference>> | null;
  /** Sign-flip permutation test of the chosen metric's difference, and after Holm's correction over the methods. */
  readonly p: number | null;
  readonly pHolm: number | null;
  /** How much of the ideal observer's gain over the reference the method gets, in the chosen metric; null without one. */
  readonly ofIdealGain: number | null;
  /** The chosen metric, few-shot, and its difference to the reference, by kind of query. */
  readonly groups: readonly {
    readonly name: string;
    readonly value: Interval;
    readonly difference: Difference | null;
  }[];
}

/** One window of a comparison. */
export interface ComparedWindow {
  readonly window: Window;
  /** People with the K + Q pairs of the window: those who are compared. */
  readonly people: number;
  /** People of the split, with those who have fewer pairs. */
  readonly ofPeople: number;
  readonly queries: number;
  readonly warning: string | null;
  readonly groups: readonly { readonly name: string; readonly people: number; readonly queries: number }[];
  readonly methods: readonly ComparedMethod[];
}

/** `compare`'s outcome; `kshot compare --json` prints it. */
export interface Comparison {
  readonly schema: "kshot.comparison/1";
  readonly split: Evaluation["split"];
  readonly reference: string;
  readonly metric: MetricName;
  readonly fingerprint: string;
  readonly k: number;
  readonly q: number;
  readonly windows: readonly ComparedWindow[];
}

/** What is compared, and with what. */
export interface CompareOptions {
  /** Default: test where the results have it, else val. */
  readonly split?: Evaluation["split"];
  readonly windows?: readonly Window[];
  /** Algorithm that the others are compared with; default: the plain GRU, else the first. */
  readonly reference?: AlgorithmName;
  /** Metric of the test, the groups and the ideal observer's share; default accuracy@1. */
  readonly metric?: MetricName;
}

/** Groups of queries that a table is broken down by. */
const queryGroups: readonly {
  readonly name: string;
  readonly windows: readonly Window[];
  readonly counts: QueryFilter;
}[] = [
  { name: "revisits", windows: ["first", "last"], counts: (query) => query.seen },
  { name: "new items", windows: ["first", "last"], counts: (query) => !query.seen },
  // In the first window everybody has K pairs behind them.
  { name: "10 pairs before or fewer", windows: ["last"], counts: (_, length) => length <= 10 },
  { name: "11 to 25 pairs before", windows: ["last"], counts: (_, length) => length > 10 && length <= 25 },
  { name: "more than 25 pairs before", windows: ["last"], counts: (_, length) => length > 25 },
];

/**
 * Compares methods on the same people: figures with intervals, and paired differences to a reference: D_p is the mean over seeds of
 * person p's difference, resampled over people (10,000 times), tested by flipping signs of people, corrected over the methods.
 *
 * Trainings are paired by their seed (`pairedSeeds`).
 *
 * @throws `USAGE` for fewer than one result, an unknown reference, a method and seed that appear twice, or methods without a seed in
 *   common; `DATA`, naming both files, for results of other data, of another split or other people, and for results of one person.
 */
export function compareResults(results: readonly NamedResult[], options: CompareOptions = {}): Comparison {
  if (results.length === 0) {
    throw usageError({ where: "results to compare", found: "none", expected: "results files, or a run's folder" });
  }
  requireSameData(results);
  const split = options.split ?? commonSplit(results);
  const methods = methodsOf(results);
  const metric = options.metric ?? "accuracy@1";
  const reference = referenceOf(methods, options.reference);
  const windows = (options.windows ?? ["first", "last"]).filter(
    (window) => options.windows !== undefined || results.every(({ result }) => fewShotOf(result, { split, window })),
  );
  if (windows.length === 0) requireSamePeople(results, { split, window: "first" });
  return {
    schema: "kshot.comparison/1",
    split,
    reference: reference.name,
    metric,
    fingerprint: results[0]!.result.data.fingerprint,
    k: results[0]!.result.k,
    q: results[0]!.result.q,
    windows: windows.map((window) => {
      requireSamePeople(results, { split, window });
      requireSeveralPeople(results[0]!, { split, window });
      return comparedWindow(methods, reference, { split, window }, metric);
    }),
  };
}

/** A method's people, per seed: with the support pairs and without. */
interface Measured {
  readonly method: Method;
  readonly few: readonly PeopleMetrics[];
  readonly zero: readonly PeopleMetrics[] | null;
  readonly groups: readonly (readonly PeopleMetrics[])[];
}

function comparedWindow(
  methods: readonly Method[],
  reference: Method,
  place: EvaluationPlace,
  metric: MetricName,
): ComparedWindow {
  const anyone = fewShotOf(reference.results[0]!, place)!;
  const nItems = reference.results[0]!.data.items.length;
  const present = queryGroups.filter(
    ({ windows, counts }) =>
      windows.includes(place.window) && peopleMetrics(anyone, nItems, counts).queries.some((count) => count > 0),
  );
  const measured = methods.map((method): Measured => {
    const few = (result: Results, counts?: QueryFilter) => peopleMetrics(fewShotOf(result, place)!, nItems, counts);
    const zeroShots = zeroShotsOf(method, place);
    return {
      method,
      few: method.results.map((result) => few(result)),
      zero: zeroShots?.map((evaluation) => peopleMetrics(evaluation, nItems)) ?? null,
      groups: present.map(({ counts }) => method.results.map((result) => few(result, counts))),
    };
  });
  const ofReference = measured.find(({ method }) => method === reference)!;
  const nothing = anyone.people.user.map(() => 0);

  // One pass of resampling for all figures, so that all share the draws.
  const asked: PairedMetrics[] = [];
  const ask = (
    method: readonly PeopleMetrics[],
    other: readonly PeopleMetrics[] | null,
    name: MetricName,
    pairs?: PairedSeeds,
  ) => {
    const queries = method[0]!.queries;
    const of = (list: readonly PeopleMetrics[]) => list.map(({ metrics }) => metrics[name]);
    const chosen = (list: readonly PeopleMetrics[], at?: readonly number[]) => of(at ? at.map((i) => list[i]!) : list);
    asked.push({
      method: chosen(method, pairs?.method),
      reference: other ? chosen(other, pairs?.reference) : [nothing],
      queries,
    });
    return asked.length - 1;
  };
  const every = (method: readonly PeopleMetrics[], other: readonly PeopleMetrics[] | null, pairs?: PairedSeeds) =>
    metricNames.map((name) => [name, ask(method, other, name, pairs)] as const);
  const plans = measured.map((own) => {
    const pairs = own === ofReference ? null : pairedSeeds(own.method, reference, place);
    return {
      own,
      few: every(own.few, null),
      zero: own.zero && every(own.zero, null),
      seeds: pairs?.seeds ?? [],
      difference: pairs && every(own.few, ofReference.few, pairs),
      gain: own.zero && every(own.few, own.zero),
      groups: own.groups.map((group, i) => ({
        value: ask(group, null, metric),
        difference: pairs && ask(group, ofReference.groups[i]!, metric, pairs),
      })),
    };
  });
  const found = pairedDifferences(asked, randomStream(0, `compare/${place.split}/${place.window}`));
  const interval = (index: number): Interval => {
    const { value, low, high } = found[index]!;
    return { value, low, high };
  };
  const difference =
    (seeds: readonly number[]) =>
    (index: number): Difference => {
      const { bySeed, seedDeviation } = found[index]!;
      return { ...interval(index), seeds, bySeed, seedDeviation };
    };
  const record = <Value>(entries: readonly (readonly [MetricName, number])[], of: (index: number) => Value) =>
    Object.fromEntries(entries.map(([name, index]) => [name, of(index)])) as Record<MetricName, Value>;

  const tested = plans.map(({ own, difference: entries }) => {
    if (entries === null) return null;
    const { byPerson } = found[entries.find(([name]) => name === metric)![1]]!;
    const weighted = byPerson.map((value, p) => value * own.few[0]!.queries[p]!);
    return signFlipTest(weighted, randomStream(0, `sign flips/${place.split}/${place.window}`));
  });
  // The ideal observer is the ceiling, not a method whose merit is in question.
  const candidates = plans.map(({ own }, i) => (own.method.algorithm === "ideal" ? null : tested[i]!));
  const corrected = holm(candidates.filter((p) => p !== null));
  let next = 0;
  const pHolm = candidates.map((p) => (p === null ? null : corrected[next++]!));

  const ceiling = plans.find(({ own }) => own.method.algorithm === "ideal")?.difference;
  const idealGain = ceiling ? found[ceiling.find(([name]) => name === metric)![1]]!.value : null;
  return {
    window: place.window,
    people: anyone.people.user.length,
    ofPeople: reference.results[0]!.data.people[place.split],
    queries: anyone.people.queries.reduce((sum, own) => sum + own.length, 0),
    warning: fewPeopleWarning(anyone.people.user.length),
    groups: present.map(({ name }, i) => {
      const { queries } = ofReference.groups[i]![0]!;
      return {
        name,
        people: queries.filter((count) => count > 0).length,
        queries: queries.reduce((sum, count) => sum + count, 0),
      };
    }),
    methods: plans.map(({ own, few, zero, seeds, difference: entries, gain, groups }, i): ComparedMethod => {
      const ownDifference = entries && record(entries, difference(seeds));
      const ownSeeds = own.method.results.map(seedOf);
      return {
        name: own.method.name,
        algorithm: own.method.algorithm,
        seeds: ownSeeds,
        fewShot: record(few, interval),
        zeroShot: zero && record(zero, interval),
        difference: ownDifference,
        gain: gain && record(gain, difference(ownSeeds)),
        p: tested[i]!,
        pHolm: pHolm[i]!,
        ofIdealGain:
          ownDifference === null || idealGain === null || idealGain === 0
            ? null
            : ownDifference[metric].value / idealGain,
        groups: groups.map((group, g) => ({
          name: present[g]!.name,
          value: interval(group.value),
          difference: group.difference === null ? null : difference(seeds)(group.difference),
        })),
      };
    }),
  };
}

function referenceOf(methods: readonly Method[], wanted: AlgorithmName | undefined): Method {
  const found = methods.find(({ algorithm }) => algorithm === (wanted ?? "gru"));
  if (found) return found;
  if (wanted === undefined) return methods[0]!;
  throw usageError({
    where: `--reference ${wanted}`,
    found: "no result of it",
    expected: [...new Set(methods.map(({ algorithm }) => algorithm))].join(", "),
  });
}

/**
 * What a method gives without the support pairs, per seed; null where the pairs change nothing for any seed. One seed of many may
 * have found that no step helps: its zero-shot is its few-shot, and its gain 0.
 */
function zeroShotsOf({ results }: Method, place: EvaluationPlace): Evaluation[] | null {
  if (!results.some((result) => usesSupport(result, place))) return null;
  const found = results.flatMap((result) => zeroShotOf(result, place) ?? []);
  return found.length === results.length ? found : null;
}
