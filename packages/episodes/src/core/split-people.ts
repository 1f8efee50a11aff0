import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { shuffle } from "./shuffle.js";

/**
 * People split by a seeded shuffle: ⌊n·train⌋, ⌊n·val⌋, and the rest for test; each part in ascending order. `people` stands in byte order
 * of names, so that the split depends on the seed and the names alone.
 */
export function splitPeople(
  people: Int32Array,
  [train, val]: readonly [train: number, val: number, test: number],
  dataSeed: number,
): Record<"train" | "val" | "test", Int32Array> {
  const order = shuffle(people.slice(), xoroshiro128plus(dataSeed | 0));
  // A share such as .6 is a little less than it says in binary: ⌊n·share⌋ of the decimal number is meant.
  const trainCount = Math.floor(order.length * train + 1e-9);
  const valCount = Math.floor(order.length * val + 1e-9);
  return {
    train: order.slice(0, trainCount).sort(),
    val: order.slice(trainCount, trainCount + valCount).sort(),
    test: order.slice(trainCount + valCount).sort(),
  };
}
