import { countRow, type Tally } from "./dropped-rows.js";
import type { EventColumns } from "./event-columns.js";
import { keepEvents } from "./keep-events.js";

/** Filters by the number of events of people and items; absent: no filter. */
export interface FrequencyFilter {
  /** Number of items to keep, those with the most events; among equal counts the first in byte order of names. */
  readonly topItems?: number;
  /** Keeps people with at least this many events. */
  readonly minEventsPerUser?: number;
  /** Keeps items with at least this many events. */
  readonly minEventsPerItem?: number;
}

/**
 * First keeps the most frequent items, then the k-core: people and items with too few events are removed repeatedly, until every
 * remaining person and item has enough.
 *
 * Consumes `events`: its arrays are overwritten. Counts each removed event in `filtered`.
 */
export function filterByFrequency(events: EventColumns, filter: FrequencyFilter, filtered: Tally): EventColumns {
  const { topItems, minEventsPerUser = 0, minEventsPerItem = 0 } = filter;
  if (topItems === undefined && minEventsPerUser <= 1 && minEventsPerItem <= 1) return events;
  const { users, items, userOffsets, item, row } = events;
  const keepsUser = new Uint8Array(users.length).fill(1);
  const keepsItem = new Uint8Array(items.length).fill(1);
  const ofUser = new Int32Array(users.length);
  const ofItem = new Int32Array(items.length);
  const count = () => {
    ofUser.fill(0);
    ofItem.fill(0);
    for (let person = 0; person < users.length; person++) {
      if (keepsUser[person] === 0) continue;
      for (let event = userOffsets[person]!; event < userOffsets[person + 1]!; event++) {
        const number = item[event]!;
        if (keepsItem[number] === 0) continue;
        ofUser[person]!++;
        ofItem[number]!++;
      }
    }
  };
  count();
  if (topItems !== undefined && topItems < items.length) {
    const order = Int32Array.from(items.keys()).sort((a, b) => ofItem[b]! - ofItem[a]! || a - b);
    for (const number of order.subarray(topItems)) keepsItem[number] = 0;
    count();
  }
  const remove = (keeps: Uint8Array, counts: Int32Array, least: number): boolean => {
    let removed = false;
    for (let i = 0; i < keeps.length; i++) {
      if (keeps[i] === 0 || counts[i]! >= least) continue;
      keeps[i] = 0;
      removed = true;
    }
    return removed;
  };
  for (;;) {
    const fewerUsers = remove(keepsUser, ofUser, minEventsPerUser);
    const fewerItems = remove(keepsItem, ofItem, minEventsPerItem);
    if (!fewerUsers && !fewerItems) break;
    count();
  }
  return keepEvents(events, (event, person) => {
    if (keepsUser[person] === 1 && keepsItem[item[event]!] === 1) return true;
    countRow(filtered, row[event]!);
    return false;
  });
}
