import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/** Mean and unbiased variance of S trainings drawn from a standard normal distribution, `[draws]` each. */
export interface SeedNoise {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/**
 * Noise of trainings, by the number of seeds. Three seeds are too few values to resample: seeds drawn with replacement are all
 * the same in one of nine draws. They are drawn from a normal distribution with the observed variance; for people who do not
 * differ this gives Student's t with S − 1 degrees of freedom.
 *
 * @param random advanced by one draw, independent of later calls
 * @returns the noise of S seeds; the same S gives the same numbers
 */
export function seedNoise(random: RandomGenerator, draws: number): (seeds: number) => SeedNoise {
  const state = uniformInt(random, 0, 0x7fffffff);
  const known = new Map<number, SeedNoise>();
  return (seeds) => {
    const found =
      known.get(seeds) ?? noiseOf(seeds, draws, xoroshiro128plus((state ^ Math.imul(seeds, 0x9e3779b1)) | 0));
    known.set(seeds, found);
    return found;
  };
}

function noiseOf(seeds: number, draws: number, random: RandomGenerator): SeedNoise {
  const mean = new Float64Array(draws);
  const spread = new Float64Array(draws);
  if (seeds < 2) return { mean, variance: spread };
  for (let draw = 0; draw < draws; draw++) {
    let sum = 0;
    let squares = 0;
    for (let seed = 0; seed < seeds; seed++) {
      const value = normal(random);
      sum += value;
      squares += value * value;
    }
    mean[draw] = sum / seeds;
    spread[draw] = Math.max(0, (squares - (sum * sum) / seeds) / (seeds - 1));
  }
  return { mean, variance: spread };
}

/** A standard normal number (Box and Muller 1958). */
function normal(random: RandomGenerator): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniformFloat64(random)));
  return radius * Math.cos(2 * Math.PI * uniformFloat64(random));
}
