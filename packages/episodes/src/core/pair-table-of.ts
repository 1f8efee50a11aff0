import type { PairTable } from "@kshot/contract";
import { isLabel, type Sessions, type Ties } from "./sessions.js";

/**
 * The pairs of some people as a table: person by person in the given order, session by session, in time order. A prefix has the
 * items before the label in its session, at most the last `maxPrefix` (0: all). Pair ids start at `firstId`; a session is called
 * `<person>#<number from 0>`. With kept ties, labels have their order.
 */
export function pairTableOf(
  sessions: Sessions,
  people: Int32Array,
  { maxPrefix, firstId, ties }: { maxPrefix: number; firstId: number; ties: Ties },
): PairTable {
  const { userOffsets, start, item, time } = sessions;
  const prefixStart = (step: number) => (maxPrefix === 0 ? start[step]! : Math.max(start[step]!, step - maxPrefix));
  // Counted first, so that every column is allocated once with its final size.
  let length = 0;
  let prefixLength = 0;
  for (const person of people) {
    for (let step = userOffsets[person]!; step < userOffsets[person + 1]!; step++) {
      if (!isLabel(sessions, step, ties)) continue;
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
  const labelOrder = ties === "keep" ? new Int32Array(length) : undefined;
  let row = 0;
  for (const person of people) {
    const name = sessions.users[person]!;
    let number = -1;
    let named = -1;
    let seen = false;
    for (let step = userOffsets[person]!; step < userOffsets[person + 1]!; step++) {
      if (step === start[step]) number++;
      if (!isLabel(sessions, step, ties)) continue;
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
      labelTime[row] = time[step]!;
      if (labelOrder) labelOrder[row] = step - userOffsets[person]!;
      row++;
    }
  }
  const pairId = Int32Array.from({ length }, (_, i) => firstId + i);
  return {
    length,
    pairId,
    users,
    user,
    sessions: sessionNames,
    session,
    prefixOffsets,
    prefixItems,
    label,
    labelTime,
    ...(labelOrder ? { labelOrder } : {}),
  };
}
