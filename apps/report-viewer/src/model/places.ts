import { type ComparableResults, type Place, windowsAreTheSame } from "@kshot/comparison";

/**
 * Splits and windows that results have, test people and the first window first. A last window with the same queries as the first is
 * left out.
 */
export function placesOf(all: readonly ComparableResults[]): Place[] {
  const same = new Map((["test", "val"] as const).map((split) => [split, windowsAreTheSame(all, split)] as const));
  const found = new Map<string, Place>();
  for (const { evaluations } of all) {
    for (const { split, window } of evaluations) {
      if (window === "first" || !same.get(split)) found.set(`${split} ${window}`, { split, window });
    }
  }
  const order = (place: Place) => (place.split === "test" ? 0 : 2) + (place.window === "first" ? 0 : 1);
  return [...found.values()].sort((a, b) => order(a) - order(b));
}
