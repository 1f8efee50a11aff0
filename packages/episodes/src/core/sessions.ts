import type { EventColumns } from "./event-columns.js";

/**
 * What people did, without consecutive repeats, as columns. Person p's steps are `userOffsets[p] … userOffsets[p + 1]`; step i's
 * session begins at step `start[i]`.
 */
export interface Sessions {
  readonly users: readonly string[];
  /** `[people + 1]` */
  readonly userOffsets: Int32Array;
  /** `[steps]` */
  readonly item: Int32Array;
  /** `[steps]`, epoch seconds, whole: what the files of a data folder can hold. */
  readonly second: Float64Array;
  /** `[steps]` */
  readonly start: Int32Array;
}

/**
 * Events → sessions: a session ends after *more* than `gap` idle seconds (null: never) or where the session column changes; then an item
 * that repeats the one before it in its session is dropped. The gap is measured between events, dropped ones included.
 *
 * Consumes `events`: its arrays are overwritten.
 */
export function sessionsOfEvents(events: EventColumns, gap: number | null): Sessions {
  const { users, item, time, session } = events;
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
      if (steps > begin && item[steps - 1] === item[event]) continue;
      // In place: a step never stands after the event it came from.
      item[steps] = item[event]!;
      time[steps] = Math.floor(at);
      start[steps] = begin;
      steps++;
    }
    userOffsets[person + 1] = steps;
  }
  return {
    users,
    userOffsets,
    item: item.subarray(0, steps),
    second: time.subarray(0, steps),
    start: start.subarray(0, steps),
  };
}

/**
 * Whether step `step` is the label of a pair: something came before it in its session, and its second is strictly later than all of that.
 * (Steps are in time order, so later than the last of it.)
 */
export function isLabel({ start, second }: Sessions, step: number): boolean {
  return step > start[step]! && second[step]! > second[step - 1]!;
}

/** Number of pairs of each person, `[people]`. */
export function pairCounts(sessions: Sessions): Int32Array {
  const counts = new Int32Array(sessions.users.length);
  for (let person = 0; person < counts.length; person++) {
    const end = sessions.userOffsets[person + 1]!;
    for (let step = sessions.userOffsets[person]!; step < end; step++) if (isLabel(sessions, step)) counts[person]!++;
  }
  return counts;
}
