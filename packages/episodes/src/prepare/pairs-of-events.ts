import type { PairTable } from "@kshot/contract";
import { float64Column, int32Column } from "../growing-column.js";
import type { EventChunk } from "./sorted-events.js";

/** Pairs of everybody, people numbered as in the events; sessions numbered from 0 over all people. */
export interface AllPairs {
  readonly user: Int32Array;
  readonly session: Int32Array;
  /** Which session of its person, from 0. */
  readonly sessionOfUser: Int32Array;
  readonly prefixOffsets: Int32Array;
  readonly prefixItems: Int32Array;
  readonly label: Int32Array;
  readonly time: Float64Array;
}

/**
 * Sessions and pairs from ordered events: a session ends after more than `gap` idle seconds (null: never) or where the session
 * column changes; consecutive repeats keep their first; a pair stands for each position ≥ 1 whose second is strictly later than
 * its whole prefix's; prefixes keep their last `maxPrefix` items (0: all).
 */
export async function pairsOfEvents(
  chunks: AsyncIterable<EventChunk>,
  { gap, maxPrefix }: { gap: number | null; maxPrefix: number },
): Promise<AllPairs> {
  const user = int32Column();
  const session = int32Column();
  const sessionOfUser = int32Column();
  const offsets = int32Column();
  const items = int32Column();
  const label = int32Column();
  const time = float64Column();
  offsets.push(0);
  let kept: number[] = [];
  let person = -1;
  let given = -1;
  let sessions = -1;
  let ofPerson = -1;
  let before = 0;
  let latest = 0;
  for await (const chunk of chunks) {
    for (let row = 0; row < chunk.rows; row++) {
      const who = chunk.user[row]!;
      const what = chunk.item[row]!;
      const exact = chunk.time[row]!;
      const second = Math.floor(exact);
      if (who !== person || chunk.session[row] !== given || (gap !== null && exact - before > gap)) {
        ofPerson = who === person ? ofPerson + 1 : 0;
        person = who;
        given = chunk.session[row]!;
        sessions++;
        kept = [];
      }
      before = exact;
      if (kept.length > 0 && kept[kept.length - 1] === what) continue;
      if (kept.length > 0 && second > latest) {
        user.push(who);
        session.push(sessions);
        sessionOfUser.push(ofPerson);
        const from = maxPrefix === 0 ? 0 : Math.max(0, kept.length - maxPrefix);
        for (let i = from; i < kept.length; i++) items.push(kept[i]!);
        offsets.push(items.length);
        label.push(what);
        time.push(second);
      }
      kept.push(what);
      latest = second;
    }
  }
  return {
    user: user.finish(),
    session: session.finish(),
    sessionOfUser: sessionOfUser.finish(),
    prefixOffsets: offsets.finish(),
    prefixItems: items.finish(),
    label: label.finish(),
    time: time.finish(),
  };
}

/** The pairs of some people as a table of their own; pair ids count on from `firstId`. */
export function tableOfPeople(
  all: AllPairs,
  names: readonly string[],
  chosen: ReadonlySet<number>,
  firstId: number,
): PairTable {
  const rows = int32Column();
  for (let row = 0; row < all.user.length; row++) if (chosen.has(all.user[row]!)) rows.push(row);
  const order = rows.finish();
  const users: string[] = [];
  const sessions: string[] = [];
  const user = new Int32Array(order.length);
  const session = new Int32Array(order.length);
  const prefixOffsets = new Int32Array(order.length + 1);
  order.forEach((row, i) => {
    const who = names[all.user[row]!]!;
    if (i === 0 || all.user[row] !== all.user[order[i - 1]!]) users.push(who);
    if (i === 0 || all.session[row] !== all.session[order[i - 1]!]) sessions.push(`${who}#${all.sessionOfUser[row]}`);
    user[i] = users.length - 1;
    session[i] = sessions.length - 1;
    prefixOffsets[i + 1] = prefixOffsets[i]! + all.prefixOffsets[row + 1]! - all.prefixOffsets[row]!;
  });
  const prefixItems = new Int32Array(prefixOffsets[order.length]!);
  order.forEach((row, i) => {
    prefixItems.set(all.prefixItems.subarray(all.prefixOffsets[row]!, all.prefixOffsets[row + 1]!), prefixOffsets[i]!);
  });
  return {
    length: order.length,
    pairId: Int32Array.from(order, (_, i) => firstId + i),
    users,
    user,
    sessions,
    session,
    prefixOffsets,
    prefixItems,
    label: order.map((row) => all.label[row]!),
    labelTime: Float64Array.from(order, (row) => all.time[row]!),
  };
}
