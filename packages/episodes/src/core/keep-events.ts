import type { EventColumns } from "./event-columns.js";

/**
 * The events for which `keeps` is true. People and items without remaining events are removed and the others renumbered, in the
 * same order.
 *
 * Consumes `events`: its arrays are overwritten.
 */
export function keepEvents(events: EventColumns, keeps: (event: number, person: number) => boolean): EventColumns {
  const { users, items, userOffsets, item, time, row, session, split } = events;
  const keptUsers: string[] = [];
  const keptSplit: number[] = [];
  const offsets = [0];
  const itemUsed = new Uint8Array(items.length);
  let kept = 0;
  for (let person = 0; person < users.length; person++) {
    const before = kept;
    for (let event = userOffsets[person]!; event < userOffsets[person + 1]!; event++) {
      if (!keeps(event, person)) continue;
      // In place: an event never moves back.
      item[kept] = item[event]!;
      time[kept] = time[event]!;
      row[kept] = row[event]!;
      if (session) session[kept] = session[event]!;
      itemUsed[item[kept]!] = 1;
      kept++;
    }
    if (kept === before) continue;
    keptUsers.push(users[person]!);
    if (split) keptSplit.push(split[person]!);
    offsets.push(kept);
  }
  const itemNumber = new Int32Array(items.length);
  const keptItems = items.filter((_, number) => itemUsed[number] === 1);
  for (let number = 0, next = 0; number < items.length; number++)
    if (itemUsed[number] === 1) itemNumber[number] = next++;
  for (let event = 0; event < kept; event++) item[event] = itemNumber[item[event]!]!;
  return {
    users: keptUsers,
    items: keptItems,
    userOffsets: Int32Array.from(offsets),
    item: item.subarray(0, kept),
    time: time.subarray(0, kept),
    row: row.subarray(0, kept),
    ...(session ? { session: session.subarray(0, kept) } : {}),
    ...(split ? { split: Uint8Array.from(keptSplit) } : {}),
  };
}
