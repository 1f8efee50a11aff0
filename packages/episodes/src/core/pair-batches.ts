import { usageError } from "@kshot/contract";
import { generatorOf, type Randomness } from "@kshot/contract/random";
import { shuffle } from "./shuffle.js";

/** One epoch: all rows in a new random order, `size` at a time; the last minibatch may be smaller. `rows` is not changed. */
export function* pairBatches(rows: Int32Array, size: number, random: Randomness): Generator<Int32Array> {
  if (!Number.isInteger(size) || size < 1) {
    throw usageError({ where: "size of a minibatch", found: `${size}`, expected: "1 or more" });
  }
  const order = shuffle(rows.slice(), generatorOf(random));
  for (let first = 0; first < order.length; first += size) yield order.subarray(first, first + size);
}
