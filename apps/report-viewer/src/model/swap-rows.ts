import type { SwappedMethod } from "@kshot/comparison";
import type { DifferenceRow } from "../figures/differences.js";

/** The rows of the swap's figure for each method: the whole gain, its personal part, and its general part. */
export function swapRows(
  swaps: readonly Pick<SwappedMethod, "name" | "gain" | "lost" | "fromAnyPairs">[],
): DifferenceRow[] {
  return swaps.flatMap(({ name, gain, lost, fromAnyPairs }): DifferenceRow[] => [
    ...(gain === null
      ? []
      : [{ group: name, title: "own pairs − no pairs", difference: gain, note: "the whole gain" }]),
    { group: name, title: "own pairs − others' pairs", difference: lost, note: "the personal part" },
    ...(fromAnyPairs === null
      ? []
      : [{ group: name, title: "others' pairs − no pairs", difference: fromAnyPairs, note: "the general part" }]),
  ]);
}
