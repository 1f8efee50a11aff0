import { usageError } from "@kshot/contract";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/** The best of many settings, with a test that is corrected for their number. */
export interface MaxZ {
  /** z of each candidate: mean paired difference over its standard error; 0 if no person differs. */
  readonly z: readonly number[];
  /** Probability that the best of all candidates reaches this candidate's z if no candidate has an effect; in (0, 1]. */
  readonly p: readonly number[];
  /**
   * Expected best values if no candidate has an effect: mean over the sign flips of the largest z and of the largest mean
   * difference.
   */
  readonly byChance: { readonly z: number; readonly gain: number };
}

/**
 * The max-z test (Westfall and Young 1993, by sign flips): one-sided, for the best of many candidates that are compared with one
 * reference on the same people. A flip changes the signs of a person's differences of all candidates together. Therefore the
 * correction is small for similar candidates and large for different ones. p = (1 + #{max_c z*_c ≥ z})/(1 + flips). If a choice is made only for p ≤
 * .05, at most one of twenty choices is false, for any number of candidates.
 *
 * @param differences - candidate minus reference, `[candidates][people]`
 * @param random - advanced
 * @param options - `permutations` default 2,000
 * @throws `USAGE` for no people, or candidates of different people
 */
export function maxZ(
  differences: readonly ArrayLike<number>[],
  random: RandomGenerator,
  { permutations = 2000 }: { readonly permutations?: number } = {},
): MaxZ {
  const people = differences[0]?.length ?? 0;
  if (people === 0 || differences.some((own) => own.length !== people)) {
    throw usageError({
      where: "max-z test",
      found: people === 0 ? "nobody" : "candidates of different people",
      expected: "every candidate's difference for the same people",
    });
  }
  const squares = differences.map((own) => sumOver(own, (value) => value * value));
  const zOf = (sum: number, candidate: number) => standardised(sum / people, squares[candidate] ?? 0, people);
  const z = differences.map((own, candidate) =>
    zOf(
      sumOver(own, (value) => value),
      candidate,
    ),
  );
  const greatest = new Float64Array(permutations);
  let gains = 0;
  const signs = new Float64Array(people);
  for (let flip = 0; flip < permutations; flip++) {
    let bits = 0;
    for (let p = 0; p < people; p++) {
      if (p % 31 === 0) bits = uniformInt(random, 0, 0x7fffffff);
      signs[p] = bits & 1 ? 1 : -1;
      bits >>>= 1;
    }
    let most = Number.NEGATIVE_INFINITY;
    let gain = Number.NEGATIVE_INFINITY;
    for (let candidate = 0; candidate < differences.length; candidate++) {
      const own = differences[candidate]!;
      let sum = 0;
      for (let p = 0; p < people; p++) sum += signs[p]! * own[p]!;
      most = Math.max(most, zOf(sum, candidate));
      gain = Math.max(gain, sum / people);
    }
    greatest[flip] = most;
    gains += gain / permutations;
  }
  // Equal patterns of signs differ only by rounding.
  const rounding = 1e-9;
  const p = z.map((own) => (1 + countFrom(greatest, own - rounding)) / (1 + permutations));
  return { z, p, byChance: { z: sumOver(greatest, (value) => value) / permutations, gain: gains } };
}

function standardised(mean: number, squares: number, people: number): number {
  const variance = people < 2 ? 0 : Math.max(0, squares - people * mean * mean) / (people - 1);
  if (variance <= 1e-30) return mean === 0 ? 0 : Math.sign(mean) * Number.MAX_VALUE;
  return mean / Math.sqrt(variance / people);
}

function countFrom(values: Float64Array, least: number): number {
  let count = 0;
  for (const value of values) if (value >= least) count++;
  return count;
}

function sumOver(values: ArrayLike<number>, of: (value: number) => number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += of(values[i]!);
  return sum;
}
