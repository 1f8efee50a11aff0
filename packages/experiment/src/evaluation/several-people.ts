import { requireSeveralPeople } from "@kshot/comparison";
import { type DataSet, dataError, type Window } from "@kshot/contract";

/** Whether there are no validation and test people, as after `prepare --split 1,0,0`: a model for use, trained on everyone. */
export function everyoneTrains({ val, test }: DataSet): boolean {
  return val.pairs.users.length === 0 && test.pairs.users.length === 0;
}

/**
 * Refuses data with a window of at most one person.
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
    if (data[split].windows[window].length === 0) {
      throw dataError({
        where: directory,
        found: "no validation and test people: it was made with --split 1,0,0",
        expected: "people to choose and to evaluate a model on",
        todo: "Prepare the data with other shares, as --split .8,.1,.1",
      });
    }
    requireSeveralPeople({
      where: directory,
      place: { split, window },
      people: data[split].windows[window].length,
      found: `1 person with the ${data.k + data.q} pairs that K = ${data.k} and Q = ${data.q} need`,
      todo: "Prepare the data with a larger share for this split (--split), or train with a smaller --k or --q",
    });
  }
}
