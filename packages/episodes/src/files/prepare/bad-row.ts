import type { DropReason } from "../../core/dropped-rows.js";

/** Number of bad rows that an error lists. */
export const listedRows = 5;

/** Required columns in addition to person, item and time. */
export type MoreColumns = "session" | "order" | "split";

/** A bad row: its position in `events`, the reason, and of `badRow` the column without a value. */
export interface BadRow {
  readonly event: number;
  readonly reason: DropReason;
  readonly column?: MoreColumns;
}
