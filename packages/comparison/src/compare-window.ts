import {
  askedMetric,
  type Interval,
  listLength,
  type MeasuredName,
  type MetricName,
  recordOf,
  type Window,
} from "@kshot/contract";
import type { Evaluation } from "@kshot/contract/schemas";
import {
  coverageDifferenceInSteps,
  fewPeopleWarning,
  intervalCaution,
  type PairedDifference,
  type PairedMetrics,
  pairedPValues,
  randomStream,
} from "@kshot/metrics";
import { isBound } from "./algorithms.js";
import { computedInSteps } from "./computed-once.js";
import { fewShotOf, samePeople, usesSupport, zeroShotOf } from "./evaluations.js";
import { familyOf, type Test, type TestFamily, withHolm } from "./family.js";
import {
  coverageBySeed,
  differenceInterval,
  figureInterval,
  ownCoverage,
  ownInterval,
  resampled,
} from "./intervals.js";
import { type Method, seedsOf } from "./methods.js";
import { type PairedSeeds, pairedSeeds } from "./paired-seeds.js";
import { namedMetrics, noMetric, overallMean, type PersonMetrics, personMetrics } from "./person-metrics.js";
import { type QueryGroup, queryGroups } from "./query-groups.js";
import type { Place } from "./results.js";
import { type TrainingNoise, trainingNoiseOf } from "./training-noise.js";

/** A difference with its interval over people and seeds, each seed's own, and their standard deviation (null for one seed). */
export interface Difference extends Interval {
  /** The seeds that were paired, in the order of `bySeed`. */
  readonly seeds: readonly number[];
  readonly bySeed: readonly number[];
  readonly seedDeviation: number | null;
  /** Whether the interval includes the variation between trainings. */
  readonly trainingNoise: TrainingNoise;
  /** Number of people whose difference is not 0. */
  readonly unequal: number;
  /** The warning for the interval: too few people, or too few who differ; null if it is safe. */
  readonly caution: string | null;
}

/** One method in one window. */
export interface ComparedMethod<Name extends MeasuredName = MetricName> {
  readonly name: string;
  readonly algorithm: string;
  readonly seeds: readonly number[];
  /** Whether the intervals of its figures include the variation between trainings. */
  readonly trainingNoise: TrainingNoise;
  /** Mean over seeds with the support pairs, interval over people and seeds. */
  readonly fewShot: Readonly<Record<Name, Interval>>;
  /** Each seed's own, in the order of `seeds`. */
  readonly fewShotBySeed: Readonly<Record<Name, readonly number[]>>;
  /** The same without the support pairs; null for a method that does not use them. */
  readonly zeroShot: Readonly<Record<Name, Interval>> | null;
  /** Few-shot minus the reference's few-shot; null for the reference itself, and if the two cannot be paired. */
  readonly difference: Readonly<Record<Name, Difference>> | null;
  /** Few-shot minus its own zero-shot: the gain from the support pairs. */
  readonly gain: Readonly<Record<Name, Difference>> | null;
  /**
   * Test of the chosen metric's difference by sign flips of people and by seeds, before and after Holm's correction over the
   * family that is shown.
   */
  readonly p: number | null;
  readonly pHolm: number | null;
  /**
   * The same for every metric; null if there is no difference or no test was asked for, without coverage; pHolm is null for a bound, because a bound is
   * not tested.
   */
  readonly tests: Readonly<Partial<Record<Name, Test>>> | null;
  /** The method's share of the ideal observer's gain over the reference, in the chosen metric; null without an ideal observer. */
  readonly ofIdealGain: number | null;
  /** The chosen metric, few-shot, and its difference to the reference, by group of queries. */
  readonly groups: readonly {
    readonly name: string;
    readonly value: Interval;
    readonly difference: Difference | null;
  }[];
}

/** One window of a comparison. */
export interface ComparedWindow<Name extends MeasuredName = MetricName> {
  readonly window: Window;
  /** People with the K + Q pairs of the window: the people of the comparison. */
  readonly people: number;
  /** People of the split, including those with fewer pairs. */
  readonly ofPeople: number;
  readonly queries: number;
  readonly warning: string | null;
  /** The tests of Holm's correction: those of this window, or of all windows that are shown together (`withHolm`). */
  readonly family: TestFamily;
  readonly groups: readonly { readonly name: string; readonly people: number; readonly queries: number }[];
  readonly methods: readonly ComparedMethod<Name>[];
}

/** Options of a window's comparison. */
export interface WindowOptions<Name extends MeasuredName> {
  /** The metrics of figures, differences and gains. */
  readonly metrics: readonly Name[];
  /** Metric of the test, the groups and the ideal observer's share. */
  readonly metric: Name;
  /** Methods whose groups are compared with the reference's; if omitted, all. A group takes as long as a difference. */
  readonly grouped?: readonly Method[];
  /** Whether p-values are computed; if omitted, they are. They take as long as all intervals. */
  readonly tested?: boolean;
}

const knownCoverage = computedInSteps<PairedDifference>();

/** A method's metrics per seed: with the support pairs, without them, and by group. */
interface Measured<Name extends MeasuredName> {
  readonly method: Method;
  readonly evaluation: Evaluation;
  readonly few: readonly PersonMetrics<Name>[];
  readonly fewShots: readonly Evaluation[];
  readonly zero: readonly PersonMetrics<Name>[] | null;
  readonly zeroShots: readonly Evaluation[] | null;
  readonly groups: readonly (readonly PersonMetrics<Name>[])[];
  /** How it is paired with the reference; null for the reference and if it cannot be paired. */
  readonly pairs: PairedSeeds | null;
}

/**
 * Compares methods on one split and window: figures with intervals over people and seeds, and paired differences to the
 * reference. D_p is the mean over seeds of person p's difference, weighted by the person's queries. Intervals are studentised
 * bootstraps, p-values flip signs of people (`@kshot/metrics`). Holm's correction is over all methods except bounds, and all
 * metrics; `withHolm` corrects over several windows.
 *
 * A method that was trained once has the interval of its results file; the mean of several trainings is resampled here. A method
 * that was evaluated on other people than the reference, or has no seed in common with it, has figures but no difference. A
 * method without the evaluation is omitted.
 *
 * @param methods - from `methodsOf`.
 * @param reference - one of them, or undefined: then there are no differences.
 * @returns null if no method has the evaluation.
 */
export function compareWindow<Name extends MeasuredName>(
  methods: readonly Method[],
  reference: Method | undefined,
  place: Place,
  { metrics, metric, grouped = methods, tested = true }: WindowOptions<Name>,
): ComparedWindow<Name> | null {
  const anyone =
    (reference && evaluationsOf(reference, place, fewShotOf)?.[0]) ??
    methods.flatMap((method) => evaluationsOf(method, place, fewShotOf)?.[0] ?? [])[0];
  const described = reference ?? methods.find((method) => evaluationsOf(method, place, fewShotOf) !== null);
  if (anyone === undefined || described === undefined) return null;
  const { data } = described.files[0].results;
  const nItems = data.items.length;
  // Lists are stored per person, not per query, so they have no groups of queries.
  const groupsHere = isOfLists(metric) ? [] : queryGroups(place, anyone.people.historyLength);
  const present = groupsHere.filter(({ counts }) =>
    personMetrics(anyone, nItems, counts).queries.some((count) => count > 0),
  );
  const measured = methods.flatMap(
    (method) =>
      measure(
        method,
        reference,
        place,
        metrics,
        grouped.includes(method) || (method === reference && grouped.length > 0) ? present : [],
      ) ?? [],
  );
  const ofReference = measured.find(({ method }) => method === reference);

  // All figures of the same number of people are resampled together, so that they share the draws.
  const asked: PairedMetrics[] = [];
  const ask = (
    method: readonly PersonMetrics<Name>[],
    other: readonly PersonMetrics<Name>[] | null,
    name: Name,
    pairs?: PairedSeeds | null,
  ): number => {
    const queries = method[0]?.queries ?? [];
    const of = (list: readonly PersonMetrics<Name>[], at?: readonly number[]) => {
      const values = list.map((own) => own.metrics[name]);
      return at === undefined ? values : at.flatMap((i) => [values[i] ?? []]);
    };
    const reference = other === null ? [noMetric(queries.length)] : of(other, pairs?.reference);
    return asked.push({ method: of(method, pairs?.method), reference, queries }) - 1;
  };
  const coverage = (
    name: Name,
    method: readonly Evaluation[],
    other: readonly Evaluation[] | null,
    pairs?: PairedSeeds | null,
  ): PairedDifference => {
    const of = (list: readonly Evaluation[], at?: readonly number[]) => {
      const listed = list.map(({ moreMetrics }) => moreMetrics?.[name]?.listed ?? []);
      return at === undefined ? listed : at.flatMap((i) => [listed[i] ?? []]);
    };
    const lists = { method: of(method, pairs?.method), reference: other && of(other, pairs?.reference) };
    const draws = `compare/${place.split}/${place.window}`;
    return knownCoverage(
      [...lists.method, ...(lists.reference ?? [])],
      `${draws} ${nItems} ${lists.method.length}`,
      () => coverageDifferenceInSteps(lists, nItems, randomStream(0, draws)),
    );
  };
  const plans = measured.map((own) => {
    const { few, zero, zeroShots, fewShots, pairs } = own;
    const pairable = pairs !== null && ofReference !== undefined;
    return {
      own,
      few: recordOf(metrics, (name) =>
        isCoverage(name)
          ? (ownCoverage(fewShots, name, nItems) ?? coverage(name, fewShots, null))
          : (ownInterval(fewShots, few, name) ?? ask(few, null, name)),
      ),
      zero:
        zero &&
        zeroShots &&
        recordOf(metrics, (name) =>
          isCoverage(name)
            ? (ownCoverage(zeroShots, name, nItems) ?? coverage(name, zeroShots, null))
            : (ownInterval(zeroShots, zero, name) ?? ask(zero, null, name)),
        ),
      difference: pairable
        ? recordOf(metrics, (name) =>
            isCoverage(name)
              ? coverage(name, fewShots, ofReference.fewShots, pairs)
              : ask(few, ofReference.few, name, pairs),
          )
        : null,
      gain:
        zero &&
        zeroShots &&
        recordOf(metrics, (name) => (isCoverage(name) ? coverage(name, fewShots, zeroShots) : ask(few, zero, name))),
      groups: own.groups.map((group, i) => ({
        value: weighs(group) ? ask(group, null, metric) : null,
        difference: pairable && weighs(group) ? ask(group, ofReference.groups[i] ?? [], metric, pairs) : null,
      })),
    };
  });
  const found = resampled(asked, place);
  const at = (index: number | PairedDifference): PairedDifference => {
    if (typeof index !== "number") return index;
    const one = found[index];
    if (one === undefined) throw new RangeError(`No figure ${index}.`);
    return one;
  };
  const interval = (index: number | Interval, name: Name): Interval => {
    const { value, low, high } = typeof index === "number" ? at(index) : index;
    return isOfLists(name) ? { value, low, high } : figureInterval({ value, low, high });
  };
  const difference = (
    index: number | PairedDifference,
    seeds: readonly number[],
    methods: readonly Method[],
    name: Name,
  ): Difference => {
    const { bySeed, seedDeviation, unequal } = at(index);
    // The interval of a coverage is over people only.
    const trainingNoise = trainingNoiseOf(methods, typeof index === "number" ? seeds.length : 1);
    const { value, low, high } = isOfLists(name) ? at(index) : differenceInterval(at(index));
    const caution = intervalCaution(at(index));
    return { value, low, high, seeds, bySeed, seedDeviation, trainingNoise, unequal, caution };
  };

  const tests = tested ? testsOf(plans, metrics, asked, place) : [];
  const bound = plans.find(({ own }) => isBound(own.method.algorithm))?.difference;
  const idealGain = bound ? at(bound[metric]).value : 0;
  const window: ComparedWindow<Name> = {
    window: place.window,
    family: familyOf([]),
    people: anyone.people.user.length,
    ofPeople: data.people[place.split],
    queries: anyone.people.queries.reduce((sum, own) => sum + own.length, 0),
    warning: fewPeopleWarning(anyone.people.user.length),
    groups: present.map(({ name, counts }) => {
      const { queries } = personMetrics(anyone, nItems, counts);
      return {
        name,
        people: queries.filter((count) => count > 0).length,
        queries: queries.reduce((sum, count) => sum + count, 0),
      };
    }),
    methods: plans.map(({ own, few, zero, difference: entries, gain, groups }, i): ComparedMethod<Name> => {
      const seeds = seedsOf(own.method);
      const paired = own.pairs?.seeds ?? [];
      const both = reference === undefined ? [own.method] : [own.method, reference];
      const ownTests = tests[i] ?? null;
      const ownDifference = entries && recordOf(metrics, (name) => difference(entries[name], paired, both, name));
      return {
        name: own.method.title,
        algorithm: own.method.algorithm,
        seeds,
        trainingNoise: trainingNoiseOf([own.method], seeds.length),
        fewShot: recordOf(metrics, (name) => interval(few[name], name)),
        fewShotBySeed: recordOf(metrics, (name) =>
          isCoverage(name)
            ? coverageBySeed(own.fewShots, name, nItems)
            : own.few.map(({ queries, metrics: all }) => overallMean(queries, all[name])),
        ),
        zeroShot: zero && recordOf(metrics, (name) => interval(zero[name], name)),
        difference: ownDifference,
        gain: gain && recordOf(metrics, (name) => difference(gain[name], seeds, [own.method], name)),
        p: ownTests?.[metric]?.p ?? null,
        pHolm: null,
        tests: ownTests,
        ofIdealGain: ownDifference === null || idealGain === 0 ? null : ownDifference[metric].value / idealGain,
        groups: groups.map((group, g) => ({
          name: present[g]?.name ?? "",
          value: group.value === null ? { value: 0, low: 0, high: 0 } : interval(group.value, metric),
          difference: group.difference === null ? null : difference(group.difference, paired, both, metric),
        })),
      };
    }),
  };
  return withHolm([window], metric)[0] ?? window;
}

/** p of every method's difference in every metric, before correction; null if there is no difference. */
function testsOf<Name extends MeasuredName>(
  plans: readonly { readonly difference: Readonly<Record<Name, number | PairedDifference>> | null }[],
  metrics: readonly Name[],
  asked: readonly PairedMetrics[],
  place: Place,
): (Partial<Record<Name, Test>> | null)[] {
  // Coverage is not a sum over people, so signs of people cannot be flipped.
  const names = metrics.filter((name) => !isCoverage(name));
  const tested = plans.flatMap(({ difference }) => (difference === null ? [] : [difference]));
  if (tested.length === 0 || names.length === 0) return plans.map(() => null);
  const differences = tested.flatMap((own) => names.flatMap((name) => asked[Number(own[name])] ?? []));
  const found = pairedPValues(differences, randomStream(0, `sign flips/${place.split}/${place.window}`));
  let next = 0;
  return plans.map(({ difference }) =>
    difference === null
      ? null
      : (recordOf(names, () => ({ p: found[next++] ?? 1, pHolm: null })) as Partial<Record<Name, Test>>),
  );
}

function measure<Name extends MeasuredName>(
  method: Method,
  reference: Method | undefined,
  place: Place,
  metrics: readonly Name[],
  groups: readonly QueryGroup[],
): Measured<Name> | null {
  const fewShots = evaluationsOf(method, place, fewShotOf);
  const [evaluation] = fewShots ?? [];
  if (fewShots === null || evaluation === undefined) return null;
  const nItems = method.files[0].results.data.items.length;
  // One of many seeds may have chosen to take no step: its zero-shot is its few-shot, and its gain is 0.
  const adds = method.files.some(({ results }) => usesSupport(results, place));
  const zeroShots = adds ? evaluationsOf(method, place, zeroShotOf) : null;
  const ofReference = reference && evaluationsOf(reference, place, fewShotOf)?.[0];
  const comparable =
    reference !== undefined &&
    reference !== method &&
    ofReference !== undefined &&
    reference.files[0].results.data.fingerprint === method.files[0].results.data.fingerprint &&
    samePeople(ofReference, evaluation);
  return {
    method,
    evaluation,
    fewShots,
    few: fewShots.map((own) => namedMetrics(own, nItems, metrics)),
    zeroShots,
    zero: zeroShots?.map((own) => namedMetrics(own, nItems, metrics)) ?? null,
    groups: groups.map(({ counts }) => fewShots.map((own) => namedMetrics(own, nItems, metrics, counts))),
    pairs: comparable ? pairedSeeds(method, reference, place) : null,
  };
}

/** A method's evaluations, one per seed; null if a seed has none or was evaluated on other people than the first. */
export function evaluationsOf(method: Method, place: Place, shot: typeof fewShotOf): Evaluation[] | null {
  const found = method.files.flatMap(({ results }) => shot(results, place) ?? []);
  const [first] = found;
  if (first === undefined || found.length < method.files.length) return null;
  return found.every((own) => samePeople(first, own)) ? found : null;
}

/** Whether a metric is of the recommended lists, not of ranks. */
export function isOfLists(name: MeasuredName): boolean {
  const metric = askedMetric(name);
  return metric !== undefined && listLength(metric) > 0;
}

/** Whether a metric is of all people's lists together, not a mean over people. */
export function isCoverage(name: MeasuredName): boolean {
  return askedMetric(name)?.kind === "coverage";
}

/** Whether any person has a query of the group. */
function weighs<Name extends MeasuredName>(group: readonly PersonMetrics<Name>[]): boolean {
  return group[0]?.queries.some((count) => count > 0) ?? false;
}
