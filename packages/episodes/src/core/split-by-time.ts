import { dataError } from "@kshot/contract";
import { countRow, type Tally } from "./dropped-rows.js";
import type { EventColumns } from "./event-columns.js";
import { keepEvents } from "./keep-events.js";

/** Events that belong to no split, because their people belong to an earlier one. */
export interface BetweenSplits {
  /** Epoch seconds: validation starts at the first moment, test at the second. */
  readonly moments: readonly [number, number];
  /** People of train and validation with later events, and those events. */
  readonly people: number;
  readonly events: number;
}

/**
 * Splits at two global moments, so that the given shares of all events are before, between and after them. A person belongs to
 * the split of their first event, so people of test have no earlier event. Events of train and validation people after their
 * split's end are removed and counted in `filtered`.
 *
 * Consumes `events`: its arrays are overwritten.
 *
 * @throws a `DATA` error if a split has no people.
 */
export function splitByTime(
  events: EventColumns,
  [train, val]: readonly [train: number, val: number, test: number],
  filtered: Tally,
  where: string,
): { events: EventColumns; between: BetweenSplits } {
  const { users, userOffsets, time, row } = events;
  const order = time.slice().sort();
  // The decimal share is used: in binary, .6 is a little less.
  const momentAt = (share: number) => order[Math.min(order.length - 1, Math.floor(order.length * share + 1e-9))]!;
  const moments = [momentAt(train), momentAt(train + val)] as const;
  const split = Uint8Array.from(users, (_, person) => {
    let first = Number.POSITIVE_INFINITY;
    for (let event = userOffsets[person]!; event < userOffsets[person + 1]!; event++)
      first = Math.min(first, time[event]!);
    return first < moments[0] ? 0 : first < moments[1] ? 1 : 2;
  });
  for (const [number, name] of ["train", "validation", "test"].entries()) {
    if (split.includes(number)) continue;
    throw dataError({
      where,
      found: `--split-time leaves ${name} without people: nobody has a first event ${
        [
          `before ${iso(moments[0])}`,
          `from ${iso(moments[0])} to before ${iso(moments[1])}`,
          `at or after ${iso(moments[1])}`,
        ][number]
      }`,
      expected: "people in each of the three splits",
      todo: "Choose other shares, or split by people with --split",
    });
  }
  const late = new Uint8Array(users.length);
  let removed = 0;
  const kept = keepEvents({ ...events, split }, (event, person) => {
    const own = split[person]!;
    if (own === 2 || time[event]! < moments[own]!) return true;
    late[person] = 1;
    removed++;
    countRow(filtered, row[event]!);
    return false;
  });
  const people = late.reduce((sum, flag) => sum + flag, 0);
  return { events: kept, between: { moments, people, events: removed } };
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
