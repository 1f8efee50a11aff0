import { type Interval, usageError } from "@kshot/contract";
import { generatorOf, type Randomness } from "@kshot/contract/random";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { quantile } from "./quantile.js";

/**
 * Two methods on the same people: `[seed][person]`, each person's metric. The lists run parallel: the caller has brought the same seed
 * to the same place in both. A list alone is of a method that no seed changes.
 */
export interface PairedMetrics {
  readonly method: readonly (readonly number[])[];
  readonly reference: readonly (readonly number[])[];
  /** Queries per person, by which people weigh, as in a table's figure (the mean over all queries); left out: all alike. */
  readonly queries?: readonly number[];
}

/** How much better the method is than the reference. */
export interface PairedDifference extends Interval {
  /** Each seed's difference, in order. */
  readonly bySeed: readonly number[];
  /** Standard deviation of `bySeed`, unbiased; null for one seed. */
  readonly seedDeviation: number | null;
  /** D_p: each person's difference, the mean over the seeds. */
  readonly byPerson: readonly number[];
}

/** How intervals are made. */
export interface PairedOptions {
  /** Default 10,000. */
  readonly resamples?: number;
  /** Default 0.95. */
  readonly level?: number;
}

/**
 * Paired difference with a percentile bootstrap interval over people: D_p = mean over seeds of (method − reference) of person p,
 * `value` = Σ w_p D_p / Σ w_p with w_p the person's queries, resampled 10,000 times by drawing people with replacement.
 *
 * A seed is another training on the same people, so a person's seeds are averaged, never taken for more people. A method with one list
 * is paired with all of the other's. `random` is a seed, or a generator, which is advanced. Throws `USAGE` for lists of different lengths, other numbers of seeds than
 * equal or one, nobody, people without any query, or options out of range.
 */
export function pairedDifference(
  metrics: PairedMetrics,
  random: Randomness,
  options: PairedOptions = {},
): PairedDifference {
  return pairedDifferences([metrics], random, options)[0]!;
}

/** `pairedDifference` of many comparisons of the same people in one pass: all share the draws, so intervals are comparable. */
export function pairedDifferences(
  comparisons: readonly PairedMetrics[],
  random: Randomness,
  { resamples = 10000, level = 0.95 }: PairedOptions = {},
): PairedDifference[] {
  if (!Number.isInteger(resamples) || resamples < 1 || !(level > 0 && level < 1)) {
    throw usageError({
      where: "paired difference",
      found: `${resamples} resamples, level ${level}`,
      expected: "a positive whole number of resamples, a level above 0 and below 1",
    });
  }
  const generator = generatorOf(random);
  const people = comparisons[0]?.method[0]?.length ?? 0;
  const prepared = comparisons.map((comparison) => differencesOf(comparison, people));
  const means = prepared.map(() => new Float64Array(resamples));
  const sums = new Float64Array(prepared.length);
  const weights = new Float64Array(prepared.length);
  for (let resample = 0; resample < resamples; resample++) {
    sums.fill(0);
    weights.fill(0);
    for (let draw = 0; draw < people; draw++) {
      const person = uniformInt(generator, 0, people - 1);
      for (let c = 0; c < prepared.length; c++) {
        sums[c]! += prepared[c]!.weighted[person]!;
        weights[c]! += prepared[c]!.weights[person]!;
      }
    }
    // A draw of people who have no query of this kind says nothing; the estimate stands in.
    for (let c = 0; c < prepared.length; c++) {
      means[c]![resample] = weights[c]! > 0 ? sums[c]! / weights[c]! : prepared[c]!.value;
    }
  }
  return prepared.map(({ value, bySeed, byPerson }, c) => {
    const sorted = means[c]!.sort();
    return {
      value,
      low: quantile(sorted, (1 - level) / 2),
      high: quantile(sorted, (1 + level) / 2),
      bySeed,
      seedDeviation: deviation(bySeed),
      byPerson,
    };
  });
}

function differencesOf({ method, reference, queries }: PairedMetrics, people: number) {
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
      expected: "the same seeds of both methods, in the same order, or one list of a method that needs none",
    });
  }
  const weights = Float64Array.from({ length: people }, (_, p) => queries?.[p] ?? 1);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0)) {
    throw usageError({ where: "paired difference", found: "no queries", expected: "at least one query of somebody" });
  }
  const seeds = Math.max(method.length, reference.length);
  const at = (list: PairedMetrics["method"], seed: number, p: number) => list[list.length === 1 ? 0 : seed]![p]!;
  const bySeed = Array.from({ length: seeds }, (_, seed) => {
    let sum = 0;
    for (let p = 0; p < people; p++) sum += weights[p]! * (at(method, seed, p) - at(reference, seed, p));
    return sum / total;
  });
  const byPerson = Array.from({ length: people }, (_, p) => {
    let sum = 0;
    for (let seed = 0; seed < seeds; seed++) sum += at(method, seed, p) - at(reference, seed, p);
    return sum / seeds;
  });
  const weighted = Float64Array.from(byPerson, (difference, p) => weights[p]! * difference);
  return { weights, weighted, bySeed, byPerson, value: weighted.reduce((sum, value) => sum + value, 0) / total };
}

/** Unbiased standard deviation; null for fewer than two values. */
export function deviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
