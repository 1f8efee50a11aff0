import { uniformInt } from "pure-rand/distribution/uniformInt";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { checkDraws, drawBlocks, drawsFor } from "./draws.js";
import type { Sample } from "./sample.js";
import { type SeedNoise, seedNoise } from "./seed-noise.js";

/** Statistics that differ only by rounding count as equal. */
const relativeRounding = 1e-12;

/**
 * Two-sided sign-flip tests over people and seeds: under the null hypothesis each D_p is as likely as −D_p, and trainings scatter
 * around 0.
 *
 * With u_p = w_p D_p the statistic is t = ū/√(s²_u/n + s²_seeds/S). A draw flips the sign of each u_p and takes S trainings from
 * a normal distribution of the observed variance. p = (1 + #{|t*| ≥ |t|})/(1 + draws), so it is never 0. With one seed, or equal
 * seeds, it orders draws as Σ u_p does and equals `signFlipTest`. Good 2005, section 3.1; Phipson and Smyth 2010 for the 1 +.
 *
 * @param samples - of the same people; all share the flips
 * @param random - advanced; a p-value does not depend on the other samples
 * @returns p of each sample, in (0, 1]
 * @throws `USAGE` for a number of permutations that is not a positive integer
 */
export function pairedTests(
  samples: readonly Sample[],
  random: RandomGenerator,
  { permutations }: { readonly permutations?: number } = {},
): number[] {
  const people = samples[0]?.byPerson.length ?? 0;
  const draws = permutations ?? drawsFor(people);
  checkDraws("sign-flip test", draws, 0.95);
  const noise = seedNoise(random, draws);
  const prepared = samples.map((sample) => prepare(sample, noise(sample.bySeed.length)));
  const blocks = drawBlocks(draws, people);
  const signs = new Float64Array((blocks[0]?.count ?? 0) * people);
  for (const { first, count } of blocks) {
    for (let draw = 0; draw < count; draw++) flip(signs.subarray(draw * people, (draw + 1) * people), random);
    for (const one of prepared) one.extreme += extremes(one, signs, first, count);
  }
  return prepared.map(({ extreme }) => (1 + extreme) / (1 + draws));
}

/** Fills a draw with signs −1 and 1, from 31 bits at a time. */
function flip(signs: Float64Array, random: RandomGenerator): void {
  let bits = 0;
  for (let p = 0; p < signs.length; p++) {
    if (p % 31 === 0) bits = uniformInt(random, 0, 0x7fffffff);
    signs[p] = bits & 1 ? 1 : -1;
    bits >>>= 1;
  }
}

/** How many of `count` draws, from `first` on, are as extreme as the observed value; `signs` is `[count][people]`. */
function extremes(one: Prepared, signs: Float64Array, first: number, count: number): number {
  const { weighted, limit } = one;
  let found = 0;
  for (let draw = 0, i = 0; draw < count; draw++) {
    let sum = 0;
    for (let p = 0; p < weighted.length; p++) sum += signs[i++]! * weighted[p]!;
    if (statistic(one, sum, first + draw) >= limit) found++;
  }
  return found;
}

/** A sample with the values that its flips need. */
interface Prepared {
  readonly sample: Sample;
  readonly noise: SeedNoise;
  /** u_p = w_p D_p. */
  readonly weighted: Float64Array;
  /** Σ u_p². */
  readonly squares: number;
  /** |t| as observed, minus a tolerance for rounding. */
  readonly limit: number;
  extreme: number;
}

function prepare(sample: Sample, noise: SeedNoise): Prepared {
  const weighted = sample.byPerson.map((value, p) => value * (sample.weights[p] ?? 0));
  const squares = weighted.reduce((sum, value) => sum + value * value, 0);
  const whole = { sample, noise, weighted, squares, limit: 0, extreme: 0 };
  const observed = statistic(
    whole,
    weighted.reduce((sum, value) => sum + value, 0),
    null,
  );
  const scale = sample.seedVariance === 0 ? weighted.reduce((sum, value) => sum + Math.abs(value), 0) : observed;
  return { ...whole, limit: observed - relativeRounding * scale };
}

/** |t| of a sum of flipped u_p, with the trainings of a draw; null: the observed trainings, whose mean is in the sum. */
function statistic({ sample, noise, squares }: Prepared, sum: number, draw: number | null): number {
  const { people: n, seedVariance, bySeed } = sample;
  if (seedVariance === 0) return Math.abs(sum);
  const own = sum / n;
  const mean = draw === null ? own : own + Math.sqrt(seedVariance) * noise.mean[draw]!;
  const fromPeople = n < 2 ? 0 : Math.max(0, squares - n * own * own) / (n * (n - 1));
  const fromSeeds = (seedVariance * (draw === null ? 1 : noise.variance[draw]!)) / bySeed.length;
  const error = Math.sqrt(fromPeople + fromSeeds);
  return error === 0 ? (mean === 0 ? 0 : Number.POSITIVE_INFINITY) : Math.abs(mean) / error;
}
