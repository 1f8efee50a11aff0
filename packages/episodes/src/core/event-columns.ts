/**
 * Events as columns, sorted by person, then (if sessions are given) by session, then by time, then by position in the files.
 * Person p's events are `userOffsets[p] … userOffsets[p + 1]`.
 */
export interface EventColumns {
  /** Names of the people in byte order of UTF-8; numbers are indices. */
  readonly users: readonly string[];
  /** Names of the items in byte order of UTF-8; numbers are indices. */
  readonly items: readonly string[];
  /** `[people + 1]` */
  readonly userOffsets: Int32Array;
  /** `[events]`, item numbers. */
  readonly item: Int32Array;
  /** `[events]`, epoch seconds, with their fraction. */
  readonly time: Float64Array;
  /** `[events]`, position of the event among all rows that were read, from 0. */
  readonly row: Int32Array;
  /** `[events]`, number of the session; only if sessions are given. */
  readonly session?: Int32Array;
  /** `[people]`, index into `splitNames`; only if the split is given. */
  readonly split?: Uint8Array;
}

/** The splits in the order of their numbers. */
export const splitNames = ["train", "val", "test"] as const;
