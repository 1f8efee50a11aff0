import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { splitNames } from "./event-columns.js";
import { shuffle } from "./shuffle.js";

/** The people of each split, in ascending order. */
export type PeopleOfSplits = Record<(typeof splitNames)[number], Int32Array>;

/**
 * Splits people by a seeded shuffle: ⌊n·train⌋, ⌊n·val⌋, and the rest for test. `people` is in byte order of names, so the split
 * depends only on the seed and the names.
 */
export function splitPeople(
  people: Int32Array,
  [train, val]: readonly [train: number, val: number, test: number],
  dataSeed: number,
): PeopleOfSplits {
  const order = shuffle(people.slice(), xoroshiro128plus(dataSeed | 0));
  // A share such as .6 is a little less in binary: ⌊n·share⌋ is computed for the decimal number.
  const trainCount = Math.floor(order.length * train + 1e-9);
  const valCount = Math.floor(order.length * val + 1e-9);
  return {
    train: order.slice(0, trainCount).sort(),
    val: order.slice(trainCount, trainCount + valCount).sort(),
    test: order.slice(trainCount + valCount).sort(),
  };
}

/** Splits people as given: `split` has the number of each person's split, `[all people]`. */
export function splitAsGiven(people: Int32Array, split: Uint8Array): PeopleOfSplits {
  const of = (number: number) => people.filter((person) => split[person] === number);
  return { train: of(0), val: of(1), test: of(2) };
}
