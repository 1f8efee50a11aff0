import { countRow, type Tally } from "./dropped-rows.js";
import type { EventColumns } from "./event-columns.js";

/**
 * Sessions without consecutive repeats, as columns. Person p's steps are `userOffsets[p] … userOffsets[p + 1]`; step i's session
 * starts at step `start[i]`.
 */
export interface Sessions {
  readonly users: readonly string[];
  /** `[people + 1]` */
  readonly userOffsets: Int32Array;
  /** `[steps]`, item numbers. */
  readonly item: Int32Array;
  /** `[steps]`, epoch seconds, in whole microseconds. */
  readonly time: Float64Array;
  /** `[steps]`, position of the event among all rows that were read. */
  readonly row: Int32Array;
  /** `[steps]` */
  readonly start: Int32Array;
}

/** Whether steps with the same time as the previous step make a pair: `keep` uses their order. */
export type Ties = "drop" | "keep";

/**
 * Events → sessions. A session ends after *more* than `gap` idle seconds (null: never) or when the session column changes; then
 * an item that repeats the previous item of its session is dropped. The gap is measured between all events, including dropped
 * ones.
 *
 * Consumes `events`: its arrays are overwritten. Counts each dropped event in `repeats`.
 */
export function sessionsOfEvents(events: EventColumns, gap: number | null, repeats: Tally): Sessions {
  const { users, item, time, row, session } = events;
  const people = users.length;
  const userOffsets = new Int32Array(people + 1);
  const start = new Int32Array(item.length);
  let steps = 0;
  for (let person = 0; person < people; person++) {
    let begin = steps;
    let before = 0;
    for (let event = events.userOffsets[person]!; event < events.userOffsets[person + 1]!; event++) {
      const at = time[event]!;
      const first = event === events.userOffsets[person]!;
      if (!first && ((gap !== null && at - before > gap) || (session && session[event] !== session[event - 1])))
        begin = steps;
      before = at;
      if (steps > begin && item[steps - 1] === item[event]) {
        countRow(repeats, row[event]!);
        continue;
      }
      // In place: a step is never after the event it came from.
      item[steps] = item[event]!;
      time[steps] = inMicroseconds(at);
      row[steps] = row[event]!;
      start[steps] = begin;
      steps++;
    }
    userOffsets[person + 1] = steps;
  }
  return {
    users,
    userOffsets,
    item: item.subarray(0, steps),
    time: time.subarray(0, steps),
    row: row.subarray(0, steps),
    start: start.subarray(0, steps),
  };
}

/** A time as in a data folder: to the microsecond. */
function inMicroseconds(seconds: number): number {
  return Number.isInteger(seconds) ? seconds : Math.round(seconds * 1e6) / 1e6;
}

/**
 * Whether step `step` is the label of a pair: it is not the first of its session, and its time is strictly later than all earlier
 * ones (steps are in time order, so later than the one before). With kept ties, the order is sufficient.
 */
export function isLabel({ start, time }: Sessions, step: number, ties: Ties): boolean {
  return step > start[step]! && (ties === "keep" || time[step]! > time[step - 1]!);
}
