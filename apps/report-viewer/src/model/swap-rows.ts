import type { SwappedMethod } from "@kshot/comparison";
import type { DifferenceRow } from "../figures/differences.js";

/** The rows of the swap's figure: the whole gain, its personal part, and the part that any pairs give, for each method. */
export function swapRows(swaps: readonly SwappedMethod[]): DifferenceRow[] {
  return swaps.flatMap(({ name, gain, lost, fromAnyPairs }): DifferenceRow[] => [
    ...(gain === null
      ? []
      : [{ group: name, title: "own pairs, to no pairs", difference: gain, note: "the whole gain" }]),
    { group: name, title: "own, to another's pairs", difference: lost, note: "the personal part" },
    ...(fromAnyPairs === null
      ? []
      : [{ group: name, title: "another's pairs, to none", difference: fromAnyPairs, note: "what any pairs give" }]),
  ]);
}
