/** A list that several results share, by its number in the page. */
export interface Shared {
  readonly $: number;
}

/** The queries of an evaluation in columns: labels and `seen` are shared between methods, steps and seeds. */
export interface PackedQueries {
  /** Labels by person: `[people][queries]`. */
  readonly labels: Shared;
  /** For each person one character per query: `1` if the answer was seen before. */
  readonly seen: Shared;
  /** Items that score strictly higher, all queries of all people in one list. */
  readonly higher: readonly number[];
  /** Other items with the same score, in the same order; left out if all are 0. */
  readonly tied?: readonly number[];
}

/** The first part of a page's data. The results follow, one element each. */
export interface PackedHead {
  readonly packed: 1;
  readonly lists: readonly unknown[];
}

/** Whether a value is a reference to a shared list. */
export function isShared(value: unknown): value is Shared {
  return typeof value === "object" && value !== null && Object.keys(value).length === 1 && "$" in value;
}
