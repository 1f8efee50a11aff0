import type { Pairs } from "@kshot/contract";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/**
 * Pairs whose histories have lost each item but the last with probability `rate`, independently: the regularisation that Tan,
 * Xu & Liu 2016 ("Improved Recurrent Neural Networks for Session-based Recommendations", section 3.2) call embedding dropout.
 * A network that is right without some of the clicks leans less on learning whole histories by heart. 0 draws nothing.
 */
export function dropItems(pairs: Pairs, rate: number, random: RandomGenerator): Pairs {
  if (rate === 0) return pairs;
  const sequences = pairs.sequences.map((sequence) => {
    const last = sequence.length - 1;
    return Int32Array.from(Array.from(sequence).filter((_, i) => i === last || uniformFloat64(random) >= rate));
  });
  return { sequences, labels: pairs.labels };
}
