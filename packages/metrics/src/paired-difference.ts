import { entryAt, type Interval, onlyEntry, usageError } from "@kshot/contract";
import { generatorOf, type Randomness } from "@kshot/contract/random";
import { finished } from "./finished.js";
import { pairedTests } from "./intervals/paired-tests.js";
import { type Sample, sampleOf, variance } from "./intervals/sample.js";
import { type IntervalOptions, studentisedInSteps } from "./intervals/studentised.js";

/**
 * Two methods on the same people: `[seed][person]`, each person's metric. Both lists have the same seeds in the same order; the
 * caller ensures this. A single list is of a method that does not depend on the seed.
 */
export interface PairedMetrics {
  readonly method: readonly (readonly number[])[];
  readonly reference: readonly (readonly number[])[];
  /** Queries per person, the weights of people, as in a table's figure (the mean over all queries); if omitted, equal weights. */
  readonly queries?: readonly number[];
}

/** The difference between the method and the reference. */
export interface PairedDifference extends Interval {
  /** Each seed's difference, in order. */
  readonly bySeed: readonly number[];
  /** Standard deviation of `bySeed`, unbiased; null for one seed. */
  readonly seedDeviation: number | null;
  /** D_p: each person's difference, the mean over the seeds. */
  readonly byPerson: readonly number[];
  /** People with a query, and the number whose difference is not the most frequent one; both are input of `intervalCaution`. */
  readonly people: number;
  readonly differing: number;
  /** Number of these people whose difference is not 0: a test by sign flips has so many signs. */
  readonly unequal: number;
}

/** Options of intervals. */
export type PairedOptions = IntervalOptions;

/**
 * Paired difference with a studentised bootstrap interval over people and seeds (`studentisedIntervals`): D_p = mean over seeds of
 * (method − reference) of person p, `value` = Σ w_p D_p / Σ w_p with w_p the person's queries.
 *
 * A seed is another training on the same people, so a person's seeds are averaged and do not count as more people. With two seeds
 * or more the interval includes the variance of trainings. A method with one list is paired with all lists of the other. `random`
 * is a seed, or a generator, which is advanced.
 *
 * @throws `USAGE` for lists of different lengths, numbers of seeds that are neither equal nor one, no people, no query, or
 * options out of range
 * @example
 * ```js
 * import { pairedDifference } from "@kshot/metrics";
 *
 * // Accuracy of three people, one training each, with as many queries.
 * const { value, byPerson } = pairedDifference({ method: [[1, 0.5, 0]], reference: [[0.5, 0.5, 0]] }, 42);
 * console.log(value.toFixed(3), byPerson); // 0.167 [ 0.5, 0, 0 ]
 * ```
 */
export function pairedDifference(
  metrics: PairedMetrics,
  random: Randomness,
  options: PairedOptions = {},
): PairedDifference {
  return onlyEntry(pairedDifferences([metrics], random, options));
}

/** `pairedDifference` of many comparisons of the same people in one pass: all share the draws, so intervals are comparable. */
export function pairedDifferences(
  comparisons: readonly PairedMetrics[],
  random: Randomness,
  options: PairedOptions = {},
): PairedDifference[] {
  return finished(pairedDifferencesInSteps(comparisons, random, options));
}

/**
 * `pairedDifferences` in short steps, for a page that must not stop for long. Each `next()` computes one block of draws; the last
 * one returns the differences. The figures are the same.
 */
export function* pairedDifferencesInSteps(
  comparisons: readonly PairedMetrics[],
  random: Randomness,
  options: PairedOptions = {},
): Generator<void, PairedDifference[]> {
  const samples = samplesOf(comparisons);
  const intervals = yield* studentisedInSteps(samples, generatorOf(random), options);
  return intervals.map((interval, c): PairedDifference => {
    const { bySeed, byPerson, people, differing, unequal } = entryAt(samples, c);
    return {
      ...interval,
      bySeed,
      seedDeviation: deviation(bySeed),
      byPerson: Array.from(byPerson),
      people,
      differing,
      unequal,
    };
  });
}

/**
 * p-values of the same comparisons: sign-flip tests over people and seeds (`pairedTests`), all with the same flips.
 *
 * @throws as `pairedDifference`
 */
export function pairedPValues(
  comparisons: readonly PairedMetrics[],
  random: Randomness,
  options: { readonly permutations?: number } = {},
): number[] {
  return pairedTests(samplesOf(comparisons), generatorOf(random), options);
}

function samplesOf(comparisons: readonly PairedMetrics[]): Sample[] {
  const people = comparisons[0]?.method[0]?.length ?? 0;
  return comparisons.map((comparison) => sampleOf(differencesOf(comparison, people), comparison.queries));
}

/** Method minus reference, `[seed][person]`. */
function differencesOf({ method, reference, queries }: PairedMetrics, people: number): Float64Array[] {
  const lists = [...method, ...reference, ...(queries ? [queries] : [])];
  const other = lists.find((list) => list.length !== people);
  if (people === 0 || method.length === 0 || reference.length === 0 || other !== undefined) {
    throw usageError({
      where: "paired difference",
      found: other === undefined ? "nobody" : `lists of ${people} and ${other.length} people`,
      expected: "the same people, at least one, for both methods and every seed",
    });
  }
  if (method.length !== reference.length && method.length !== 1 && reference.length !== 1) {
    throw usageError({
      where: "paired difference",
      found: `${method.length} and ${reference.length} seeds`,
      expected: "the same seeds of both methods, in the same order, or one list of a method without seed",
    });
  }
  if (queries !== undefined && !(queries.reduce((sum, count) => sum + count, 0) > 0)) {
    throw usageError({ where: "paired difference", found: "no queries", expected: "at least one query" });
  }
  const at = (list: PairedMetrics["method"], seed: number) => entryAt(list, list.length === 1 ? 0 : seed);
  return Array.from({ length: Math.max(method.length, reference.length) }, (_, seed) => {
    const [own, others] = [at(method, seed), at(reference, seed)];
    return Float64Array.from(own, (value, p) => value - others[p]!);
  });
}

/** Unbiased standard deviation; null for fewer than two values. */
export function deviation(values: readonly number[]): number | null {
  return values.length < 2 ? null : Math.sqrt(variance(values));
}
