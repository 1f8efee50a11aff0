import { type Interval, usageError } from "@kshot/contract";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { quantile } from "./quantile.js";

/** Two methods on the same people: `[seed][person]`, each person's metric. */
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

/**
 * Paired difference with a percentile bootstrap interval over people: D_p = mean over seeds of (method − reference) of person p,
 * `value` = Σ w_p D_p / Σ w_p with w_p the person's queries, resampled 10,000 times by drawing people with replacement.
 *
 * A seed is another training on the same people, so a person's seeds are averaged, never taken for more people. Where the methods
 * have different numbers of seeds (one needs none), each is averaged by itself and `bySeed` pairs what there is, the single one with
 * all. `random` is advanced. Throws `USAGE` for lists of different lengths, nobody, or options out of range.
 */
export function pairedDifference(
  { method, reference, queries }: PairedMetrics,
  random: RandomGenerator,
  { resamples = 10000, level = 0.95 }: { readonly resamples?: number; readonly level?: number } = {},
): PairedDifference {
  const people = method[0]?.length ?? 0;
  const lists = [...method, ...reference, ...(queries ? [queries] : [])];
  const other = lists.find((list) => list.length !== people);
  if (people === 0 || reference.length === 0 || other !== undefined) {
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
      expected: "as many seeds of both methods, or one of either",
    });
  }
  if (!Number.isInteger(resamples) || resamples < 1 || !(level > 0 && level < 1)) {
    throw usageError({
      where: "paired difference",
      found: `${resamples} resamples, level ${level}`,
      expected: "a positive whole number of resamples, a level above 0 and below 1",
    });
  }
  const weights = Float64Array.from({ length: people }, (_, p) => queries?.[p] ?? 1);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
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
  const means = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample++) {
    let sum = 0;
    let weight = 0;
    for (let draw = 0; draw < people; draw++) {
      const person = uniformInt(random, 0, people - 1);
      sum += weighted[person]!;
      weight += weights[person]!;
    }
    means[resample] = sum / weight;
  }
  means.sort();
  return {
    value: weighted.reduce((sum, value) => sum + value, 0) / total,
    low: quantile(means, (1 - level) / 2),
    high: quantile(means, (1 + level) / 2),
    bySeed,
    seedDeviation: deviation(bySeed),
    byPerson,
  };
}

function deviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
