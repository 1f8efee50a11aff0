import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/** Fills with independent N(0, 1) values, two from each pair of uniform ones: √(−2 ln u)·(cos 2πv, sin 2πv) (Box, Muller 1958). */
export function fillStandardNormal(values: Float32Array, random: RandomGenerator): void {
  for (let i = 0; i < values.length; i += 2) {
    // u in (0, 1]: the logarithm of 0 must not happen.
    const radius = Math.sqrt(-2 * Math.log(1 - uniformFloat64(random)));
    const angle = 2 * Math.PI * uniformFloat64(random);
    values[i] = radius * Math.cos(angle);
    if (i + 1 < values.length) values[i + 1] = radius * Math.sin(angle);
  }
}
