import type { Pairs } from "@kshot/contract";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Sizes that are no multiple of anything the kernels like. */
export const shape = { nItems: 21, embeddingDim: 6, hiddenDim: 11, maxSeqLen: 9, dropout: 0 };

const random = xoroshiro128plus(3);
export const items = (length: number) => Array.from({ length }, () => uniformInt(random, 0, shape.nItems - 1));
export const pairs = (sequences: number[][]): Pairs => ({ sequences, labels: items(sequences.length) });

/** Histories of random lengths 1 … `longest`. */
export const anyPairs = (count: number, longest: number): Pairs =>
  pairs(Array.from({ length: count }, () => items(uniformInt(random, 1, longest))));

const history = items(8);
/** Forests of unlike shapes; widths from 1 to 13 meet every tile of the kernels. */
export const examples: Record<string, Pairs> = {
  "nested prefixes": pairs(history.map((_, i) => history.slice(0, i + 1))),
  "one pair": pairs([items(4)]),
  "histories of one item": pairs([[3], [7], [3]]),
  "unrelated sequences": anyPairs(13, 9),
  "branches, and one history with two labels": pairs([[1], [1, 2], [1, 3], [1, 3], [1, 2, 4], [5], [1, 3, 3, 3]]),
  "beyond the limit": anyPairs(6, 20),
  "more pairs than one part holds": anyPairs(150, 5),
};
