import { entryAt, type Pairs } from "@kshot/contract";
import { pairBatches } from "@kshot/episodes";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/**
 * Minibatches of a person's pairs, one for each of Reptile's inner steps: all pairs in random order, `size` at a time (the last ones of
 * an order may be fewer), then in a new order. So each pair is used about equally often.
 */
export function pairMinibatches(pairs: Pairs, size: number, count: number, random: RandomGenerator): Pairs[] {
  const every = Int32Array.from(pairs.sequences.keys());
  const found: Int32Array[] = [];
  while (found.length < count) found.push(...pairBatches(every, size, random));
  return found.slice(0, count).map((rows) => ({
    sequences: Array.from(rows, (row) => entryAt(pairs.sequences, row)),
    labels: Array.from(rows, (row) => entryAt(pairs.labels, row)),
  }));
}

/** The pairs of both, in order. */
export function joined(a: Pairs, b: Pairs): Pairs {
  return { sequences: [...a.sequences, ...b.sequences], labels: [...Array.from(a.labels), ...Array.from(b.labels)] };
}
