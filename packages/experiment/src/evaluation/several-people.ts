import { requireSeveralPeople } from "@kshot/comparison";
import type { DataSet, Window } from "@kshot/contract";

/**
 * Refuses data of which a window has one person.
 *
 * @throws `DATA`, naming folder, split and window.
 */
export function requireSeveralPeopleIn(
  data: DataSet,
  directory: string,
  split: "val" | "test",
  windows: readonly Window[],
): void {
  for (const window of windows) {
    requireSeveralPeople({
      where: directory,
      place: { split, window },
      people: data[split].windows[window].length,
      found: `1 person with the ${data.k + data.q} pairs that K = ${data.k} and Q = ${data.q} need`,
      todo: "Prepare the data with a larger share for this split (--split), or train with a smaller --k or --q",
    });
  }
}
