import { type PairTable, usageError } from "@kshot/contract";
import { generatorOf, type Randomness } from "@kshot/contract/random";
import { shuffle } from "./shuffle.js";

/**
 * The rows of each session in label-time order, sessions in the order of their first row.
 *
 * @param by `session`, or `user`: then a group is a person's whole history
 */
export function rowsByGroup(pairs: PairTable, rows: ArrayLike<number>, by: "session" | "user"): Int32Array[] {
  const groups = new Map<number, number[]>();
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const group = groups.get(pairs[by][row]!);
    if (group === undefined) groups.set(pairs[by][row]!, [row]);
    else group.push(row);
  }
  return Array.from(groups.values(), (group) =>
    Int32Array.from(group.sort((a, b) => pairs.labelTime[a]! - pairs.labelTime[b]! || a - b)),
  );
}

/**
 * One epoch of whole groups in a new random order: a minibatch has as many groups as have at most `size` pairs together; a larger
 * group is a separate minibatch.
 *
 * @throws `USAGE` for a size that is not an integer from 1
 */
export function* groupBatches(
  groups: readonly Int32Array[],
  size: number,
  random: Randomness,
): Generator<readonly Int32Array[]> {
  if (!Number.isInteger(size) || size < 1) {
    throw usageError({ where: "pairs of a minibatch", found: `${size}`, expected: "1 or more" });
  }
  const order = shuffle(
    Int32Array.from(groups, (_, i) => i),
    generatorOf(random),
  );
  let batch: Int32Array[] = [];
  let pairs = 0;
  for (const number of order) {
    const group = groups[number]!;
    if (batch.length > 0 && pairs + group.length > size) {
      yield batch;
      batch = [];
      pairs = 0;
    }
    batch.push(group);
    pairs += group.length;
  }
  if (batch.length > 0) yield batch;
}
