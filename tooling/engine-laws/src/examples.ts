import type { Pairs } from "@kshot/contract";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Sizes of the model in the laws. They are not multiples of the widths of kernels or workgroups. */
export const shape = { nItems: 21, embeddingDim: 6, hiddenDim: 11, maxSeqLen: 9, dropout: 0 };

const random = xoroshiro128plus(3);

/** `length` random items of `shape`. The stream is the module's own, so a test file's examples are the same in every run. */
export const items = (length: number): number[] =>
  Array.from({ length }, () => uniformInt(random, 0, shape.nItems - 1));

/** Pairs of these sequences with random labels. */
export const pairs = (sequences: number[][]): Pairs => ({ sequences, labels: items(sequences.length) });

/** `count` pairs with histories of random lengths 1 … `longest`. */
export const randomPairs = (count: number, longest: number): Pairs =>
  pairs(Array.from({ length: count }, () => items(uniformInt(random, 1, longest))));

const history = items(8);

/** Batches of different shapes: forests that share all, some and no prefixes; widths from 1 to 150. */
export const examples: Readonly<Record<string, Pairs>> = {
  "nested prefixes": pairs(history.map((_, i) => history.slice(0, i + 1))),
  "one pair": pairs([items(4)]),
  "histories of one item": pairs([[3], [7], [3]]),
  "unrelated sequences": randomPairs(13, 9),
  "branches, and one history with two labels": pairs([[1], [1, 2], [1, 3], [1, 3], [1, 2, 4], [5], [1, 3, 3, 3]]),
  "beyond the limit": randomPairs(6, 20),
  "more pairs than one part holds": randomPairs(150, 5),
};

/**
 * Pairs in pieces of equal size, whose mean is the mean over all pairs: each pair alone, or ten together where a hundred calls would take
 * long.
 */
export function pieces({ sequences, labels }: Pairs): Pairs[] {
  const size = sequences.length > 20 && sequences.length % 10 === 0 ? 10 : 1;
  return Array.from({ length: sequences.length / size }, (_, i) => ({
    sequences: sequences.slice(i * size, (i + 1) * size),
    labels: Array.from(labels).slice(i * size, (i + 1) * size),
  }));
}
