import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { usageError } from "./errors.js";

/**
 * A source of random numbers: a seed (the same seed, the same numbers), or a `pure-rand` generator, which is advanced in place.
 */
export type Randomness = number | RandomGenerator;

/**
 * The generator itself, or a new xoroshiro128+ from a seed.
 *
 * @param random a whole number, of which 32 bits are used, or a generator
 * @throws `USAGE` for a number that is not an integer.
 */
export function generatorOf(random: Randomness): RandomGenerator {
  if (typeof random !== "number") return random;
  if (Number.isSafeInteger(random)) return xoroshiro128plus(random | 0);
  throw usageError({ where: "seed", found: `${random}`, expected: "a whole number, or a generator of pure-rand" });
}
