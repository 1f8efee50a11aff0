import { uniformInt } from "pure-rand/distribution/uniformInt";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/** Fisher–Yates shuffle of the first `count` positions (default all), in place; every order is equally likely. */
export function shuffle(values: Int32Array, random: RandomGenerator, count = values.length): Int32Array {
  for (let i = 0; i < Math.min(count, values.length - 1); i++) {
    const j = uniformInt(random, i, values.length - 1);
    const value = values[i]!;
    values[i] = values[j]!;
    values[j] = value;
  }
  return values;
}
