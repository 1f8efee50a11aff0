import { type DataSet, dataError, type Window } from "@kshot/contract";

/**
 * Refuses a window of one person: everything that is said of people, an interval or a difference, would be said of that one.
 *
 * @throws `DATA`, naming folder, split and window.
 */
export function requireSeveralPeople(
  data: DataSet,
  directory: string,
  split: "val" | "test",
  windows: readonly Window[],
): void {
  const alone = windows.find((window) => data[split].windows[window].length === 1);
  if (alone === undefined) return;
  throw dataError({
    where: `${directory}, ${split} people, window ${alone}`,
    found: `1 person with the ${data.k + data.q} pairs that K = ${data.k} and Q = ${data.q} need`,
    expected: "at least 2: an interval is over people (and from 30 on it can be taken at its word)",
    todo: "Prepare the data with a larger share for this split (--split), or train with a smaller --k or --q",
  });
}
