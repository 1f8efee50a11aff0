import type { Interval } from "@kshot/contract";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { finished } from "../finished.js";
import { quantile } from "../quantile.js";
import { checkDraws, drawBlocks } from "./draws.js";
import type { Sample } from "./sample.js";
import { type SeedNoise, seedNoise } from "./seed-noise.js";

const defaultResamples = 2000;

/** Options of intervals. */
export interface IntervalOptions {
  /** Number of resamplings of the people. Default: 2,000, the number of docs/intervals.md's coverage table. */
  readonly resamples?: number;
  /** Probability that the interval should cover, in (0, 1). Default 0.95. */
  readonly level?: number;
  /** Smallest and largest possible value of the figure; the interval is cut to this range. Default: no limits. */
  readonly range?: readonly [low: number, high: number];
}

/**
 * Studentised bootstrap intervals over people and seeds (Efron 1979, bootstrap-t; Owen 2007 for the sum of the two variances).
 *
 * The squared standard error is that from people plus that from seeds, SE² = `peopleVariance` + `seedVariance`/S. A draw takes
 * people with replacement and S trainings from a normal distribution of the observed variance, and has its own standard error
 * SE*: t* = (value* − value)/SE*. The interval is value − t*₍₁₊ₗₑᵥₑₗ₎⁄₂ SE … value − t*₍₁₋ₗₑᵥₑₗ₎⁄₂ SE. With one seed the part of
 * the seeds is 0: the interval does not include training noise.
 *
 * SE* contains one additional person with the observed variance: if few people differ, a draw without any of them would have SE*
 * = 0.
 *
 * @param samples - of the same number of people; all share the draws of people, and samples with equal numbers of seeds share the
 * draws of seeds
 * @param random - advanced; an interval does not depend on the other samples
 * @returns one per sample; a point if neither people nor seeds differ
 * @throws `USAGE` for options out of range
 */
export function studentisedIntervals(
  samples: readonly Sample[],
  random: RandomGenerator,
  options: IntervalOptions = {},
): Interval[] {
  return finished(studentisedInSteps(samples, random, options));
}

/** `studentisedIntervals` in short steps: it stops after every block of draws. */
export function* studentisedInSteps(
  samples: readonly Sample[],
  random: RandomGenerator,
  { resamples, level = 0.95, range }: IntervalOptions = {},
): Generator<void, Interval[]> {
  const people = samples[0]?.byPerson.length ?? 0;
  const draws = resamples ?? defaultResamples;
  checkDraws("interval", draws, level);
  const noise = seedNoise(random, draws);
  const prepared = samples.map((sample) => prepare(sample, noise(sample.bySeed.length), draws));
  const blocks = drawBlocks(draws, people);
  const drawn = new Int32Array((blocks[0]?.count ?? 0) * people);
  for (const { first, count } of blocks) {
    for (let i = 0; i < count * people; i++) drawn[i] = uniformInt(random, 0, people - 1);
    for (const one of prepared) (one.equal ? equalTs : weightedTs)(one, drawn, people, first, count);
    yield;
  }
  return prepared.map(({ sample: { value }, error, ts }) => {
    ts.sort();
    const low = value - quantile(ts, (1 + level) / 2) * error;
    const high = value - quantile(ts, (1 - level) / 2) * error;
    return {
      value,
      low: Math.min(value, Math.max(low, range?.[0] ?? low)),
      high: Math.max(value, Math.min(high, range?.[1] ?? high)),
    };
  });
}

/** A sample with the values that its draws need. */
interface Prepared {
  readonly sample: Sample;
  readonly noise: SeedNoise;
  /** SE. */
  readonly error: number;
  /** Square root of the variance between seeds. */
  readonly seedDeviation: number;
  /** Whether all people have the same weight: a draw then needs two sums instead of five. */
  readonly equal: boolean;
  /** w_p D_p, `[people]`. */
  readonly weightedValues: Float64Array;
  /** t* of each draw. */
  readonly ts: Float64Array;
}

function prepare(sample: Sample, noise: SeedNoise, draws: number): Prepared {
  const { weights, seedVariance } = sample;
  return {
    ...{ sample, noise },
    error: Math.sqrt(sample.peopleVariance + seedVariance / sample.bySeed.length),
    seedDeviation: Math.sqrt(seedVariance),
    equal: weights.every((weight) => weight === 1),
    weightedValues: sample.byPerson.map((value, p) => weights[p]! * value),
    ts: new Float64Array(draws),
  };
}

/** Writes t* of `count` draws from `first` on; `drawn` is `[count][people]`. All people have the same weight. */
function equalTs(one: Prepared, drawn: Int32Array, people: number, first: number, count: number): void {
  const { byPerson } = one.sample;
  for (let draw = 0, i = 0; draw < count; draw++) {
    let sum = 0;
    let squares = 0;
    for (const end = i + people; i < end; i++) {
      const value = byPerson[drawn[i]!]!;
      sum += value;
      squares += value * value;
    }
    const mean = sum / people;
    one.ts[first + draw] = studentised(one, first + draw, mean, squares - people * mean * mean, people);
  }
}

/** As `equalTs`, with the weights of the people. */
function weightedTs(one: Prepared, drawn: Int32Array, people: number, first: number, count: number): void {
  const { weights } = one.sample;
  const { weightedValues } = one;
  for (let draw = 0, i = 0; draw < count; draw++) {
    let total = 0;
    let sum = 0;
    let squaredWeights = 0;
    let cross = 0;
    let squares = 0;
    for (const end = i + people; i < end; i++) {
      const person = drawn[i]!;
      const weight = weights[person]!;
      const weighted = weightedValues[person]!;
      total += weight;
      sum += weighted;
      squaredWeights += weight * weight;
      cross += weight * weighted;
      squares += weighted * weighted;
    }
    // A draw with a total weight of 0 has no value.
    if (total === 0) continue;
    const mean = sum / total;
    const spread = squares - 2 * mean * cross + mean * mean * squaredWeights;
    one.ts[first + draw] = studentised(one, first + draw, mean, spread, total);
  }
}

/** t* from a draw's mean, its sum of squared weighted deviations and its sum of weights. */
function studentised(one: Prepared, draw: number, mean: number, squares: number, total: number): number {
  const { sample, noise, seedDeviation } = one;
  const { people: n, peopleVariance, seedVariance } = sample;
  const own = n < 2 ? 0 : (Math.max(0, squares) / (total * total)) * (n / (n - 1));
  const fromPeople = (n * own + peopleVariance) / (n + 1);
  const fromSeeds = (seedVariance * noise.variance[draw]!) / sample.bySeed.length;
  const error = Math.sqrt(fromPeople + fromSeeds);
  return error === 0 ? 0 : (mean - sample.value + seedDeviation * noise.mean[draw]!) / error;
}
