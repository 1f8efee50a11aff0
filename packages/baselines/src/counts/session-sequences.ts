import type { PairTable } from "@kshot/contract";

/** The train sessions in the order of their last label's time, the latest first, as sequences with repeats. */
export interface SessionSequences {
  /** `[sessions + 1]` offsets into `items`. */
  readonly offsets: Int32Array;
  /** Items of all sessions, oldest first within a session. */
  readonly items: Int32Array;
  /** Time of each session's last label, epoch seconds, `[sessions]`. */
  readonly times: Float64Array;
}

/**
 * Reconstructs the sessions of train pairs: the latest prefix that was not cut, then the labels in order.
 *
 * A pair whose cut prefix does not end with the label before it (a pair between them is missing) also adds the end of its prefix.
 *
 * @param train checked pairs
 */
export function sessionSequences(train: PairTable): SessionSequences {
  const rowsOf = new Map<number, number[]>();
  for (let row = 0; row < train.length; row++) {
    const session = train.session[row]!;
    const rows = rowsOf.get(session);
    if (rows === undefined) rowsOf.set(session, [row]);
    else rows.push(row);
  }
  const prefixLength = (row: number) => train.prefixOffsets[row + 1]! - train.prefixOffsets[row]!;
  const sequences = Array.from(rowsOf.values(), (rows) => {
    rows.sort((a, b) => train.labelTime[a]! - train.labelTime[b]! || prefixLength(a) - prefixLength(b) || a - b);
    let sequence: number[] = [];
    for (const row of rows) {
      const begin = train.prefixOffsets[row]!;
      const end = train.prefixOffsets[row + 1]!;
      // A prefix that is shorter than the known sequence was cut on its left.
      if (end - begin >= sequence.length) sequence = Array.from(train.prefixItems.subarray(begin, end));
      else if (sequence[sequence.length - 1] !== train.prefixItems[end - 1]) {
        sequence.push(train.prefixItems[end - 1]!);
      }
      sequence.push(train.label[row]!);
    }
    return { sequence, time: train.labelTime[rows[rows.length - 1]!]! };
  });
  const order = sequences.map((_, i) => i);
  // Sessions of equal time: the later one in the file first, so that the order does not depend on the engine's sort.
  order.sort((a, b) => sequences[b]!.time - sequences[a]!.time || b - a);
  const offsets = new Int32Array(order.length + 1);
  const times = new Float64Array(order.length);
  order.forEach((index, place) => {
    const { sequence, time } = sequences[index]!;
    offsets[place + 1] = offsets[place]! + sequence.length;
    times[place] = time;
  });
  const items = new Int32Array(offsets[order.length]!);
  order.forEach((index, place) => {
    items.set(sequences[index]!.sequence, offsets[place]);
  });
  return { offsets, items, times };
}

/**
 * The sessions that contain an item, and the position in each: item i's entries are `[offsets[i] … offsets[i + 1])`, the latest
 * session first.
 */
export interface SessionIndex {
  readonly offsets: Int32Array;
  readonly session: Int32Array;
  /** Position of the item's last occurrence in the session, from 0. */
  readonly position: Int32Array;
}

/** The inverted index of sessions. Each session counts once per item. */
export function sessionIndex(
  { offsets, items }: Pick<SessionSequences, "offsets" | "items">,
  nItems: number,
): SessionIndex {
  const seenIn = new Int32Array(nItems).fill(-1);
  const counts = new Int32Array(nItems + 1);
  const nSessions = offsets.length - 1;
  for (let s = 0; s < nSessions; s++) {
    for (let i = offsets[s]!; i < offsets[s + 1]!; i++) {
      const item = items[i]!;
      if (seenIn[item] === s) continue;
      seenIn[item] = s;
      counts[item + 1] = counts[item + 1]! + 1;
    }
  }
  for (let item = 0; item < nItems; item++) counts[item + 1] = counts[item + 1]! + counts[item]!;
  const total = counts[nItems]!;
  const session = new Int32Array(total);
  const position = new Int32Array(total);
  const next = counts.slice();
  seenIn.fill(-1);
  for (let s = 0; s < nSessions; s++) {
    const start = offsets[s]!;
    for (let i = start; i < offsets[s + 1]!; i++) {
      const item = items[i]!;
      let at = next[item]!;
      if (seenIn[item] === s) at--;
      else next[item] = at + 1;
      seenIn[item] = s;
      session[at] = s;
      position[at] = i - start;
    }
  }
  return { offsets: counts, session, position };
}
