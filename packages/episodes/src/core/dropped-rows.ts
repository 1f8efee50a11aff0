/**
 * Reasons why a row is dropped, in the order in which they are listed. A row that begins a session makes no pair and is not dropped.
 */
export const dropReasons = [
  "noUser",
  "noItem",
  "noTime",
  "badRow",
  "filtered",
  "repeat",
  "tiedTime",
  "sessionOfOne",
] as const;

/** The reason why a row is dropped. */
export type DropReason = (typeof dropReasons)[number];

/** A count of things of one kind, and the row of the first, among all rows that were read (−1: none). */
export interface Tally {
  count: number;
  first: number;
}

/** A tally per reason. */
export type DroppedRows = Record<DropReason, Tally>;

/** An empty tally. */
export function emptyTally(): Tally {
  return { count: 0, first: -1 };
}

/** No row dropped yet. */
export function noDroppedRows(): DroppedRows {
  return Object.fromEntries(dropReasons.map((reason) => [reason, emptyTally()])) as DroppedRows;
}

/** Counts one row. */
export function countRow(tally: Tally, row: number): void {
  tally.count++;
  if (tally.first < 0 || row < tally.first) tally.first = row;
}
