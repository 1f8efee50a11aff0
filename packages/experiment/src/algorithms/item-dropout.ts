import type { Pairs } from "@kshot/contract";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/**
 * Removes each item except the last from the histories of pairs with probability `rate`, independently. Tan, Xu & Liu 2016
 * ("Improved Recurrent Neural Networks for Session-based Recommendations", section 3.2) call this regularisation embedding
 * dropout. It reduces the memorising of whole histories. With a rate of 0 no random number is drawn.
 */
export function dropItems(pairs: Pairs, rate: number, random: RandomGenerator): Pairs {
  if (rate === 0) return pairs;
  const sequences = pairs.sequences.map((sequence) => {
    const last = sequence.length - 1;
    return Int32Array.from(Array.from(sequence).filter((_, i) => i === last || uniformFloat64(random) >= rate));
  });
  return { sequences, labels: pairs.labels };
}

/**
 * Item dropout by session: each item of a session is drawn once, and removed from every history of the session that contains it,
 * except as a history's last item. The histories of one session therefore still share their beginning, unlike with `dropItems`.
 *
 * @param sequences histories of one session, oldest first
 * @param positions number of each history's first item in the session, ascending
 */
export function dropSessionItems(
  sequences: readonly Int32Array[],
  positions: ArrayLike<number>,
  rate: number,
  random: RandomGenerator,
): Int32Array[] {
  if (rate === 0) return [...sequences];
  const kept: boolean[] = [];
  // One buffer for all, because many small arrays take longer.
  const items = new Int32Array(sequences.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  return sequences.map((sequence, i) => {
    const last = sequence.length - 1;
    const first = positions[i]!;
    while (kept.length < first + last) kept.push(uniformFloat64(random) >= rate);
    const begin = end;
    for (let j = 0; j < last; j++) if (kept[first + j]!) items[end++] = sequence[j]!;
    if (last >= 0) items[end++] = sequence[last]!;
    return new Int32Array(items.buffer, 4 * begin, end - begin);
  });
}
