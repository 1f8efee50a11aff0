import type { PairTable } from "@kshot/contract";
import { isLabel, type Sessions } from "./sessions.js";

/**
 * The pairs of some people as a table: per person in the order given, then session by session, in time order within one. A prefix is what came before the label in
 * its session, its last `maxPrefix` items (0: all). Pair ids count on from `firstId`; a session is called `<person>#<number from 0>`.
 */
export function pairTableOf(
  sessions: Sessions,
  people: Int32Array,
  { maxPrefix, firstId }: { maxPrefix: number; firstId: number },
): PairTable {
  const { userOffsets, start, item, second } = sessions;
  const prefixStart = (step: number) => (maxPrefix === 0 ? start[step]! : Math.max(start[step]!, step - maxPrefix));
  // Counted first, so that every column is allocated once at its size.
  let length = 0;
  let prefixLength = 0;
  for (const person of people) {
    for (let step = userOffsets[person]!; step < userOffsets[person + 1]!; step++) {
      if (!isLabel(sessions, step)) continue;
      length++;
      prefixLength += step - prefixStart(step);
    }
  }
  const users: string[] = [];
  const sessionNames: string[] = [];
  const user = new Int32Array(length);
  const session = new Int32Array(length);
  const prefixOffsets = new Int32Array(length + 1);
  const prefixItems = new Int32Array(prefixLength);
  const label = new Int32Array(length);
  const labelTime = new Float64Array(length);
  let row = 0;
  for (const person of people) {
    const name = sessions.users[person]!;
    let number = -1;
    let named = -1;
    let seen = false;
    for (let step = userOffsets[person]!; step < userOffsets[person + 1]!; step++) {
      if (step === start[step]) number++;
      if (!isLabel(sessions, step)) continue;
      if (!seen) users.push(name);
      seen = true;
      if (named !== number) sessionNames.push(`${name}#${number}`);
      named = number;
      user[row] = users.length - 1;
      session[row] = sessionNames.length - 1;
      const from = prefixStart(step);
      prefixItems.set(item.subarray(from, step), prefixOffsets[row]);
      prefixOffsets[row + 1] = prefixOffsets[row]! + step - from;
      label[row] = item[step]!;
      labelTime[row] = second[step]!;
      row++;
    }
  }
  const pairId = Int32Array.from({ length }, (_, i) => firstId + i);
  return { length, pairId, users, user, sessions: sessionNames, session, prefixOffsets, prefixItems, label, labelTime };
}
