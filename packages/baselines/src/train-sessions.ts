import { dataError, type PairTable } from "@kshot/contract";

/** A train session: its distinct items, and the time of its last label. */
export interface TrainSession {
  readonly items: readonly number[];
  readonly time: number;
}

/**
 * The sessions of the train pairs, the latest first: prefix and label of the last pair of each session. (A cut prefix has lost
 * its session's first items.)
 *
 * @throws `DATA` for an item outside the vocabulary.
 */
export function trainSessions(train: PairTable, nItems: number): TrainSession[] {
  const last = new Map<number, number>();
  for (let row = 0; row < train.length; row++) {
    const known = last.get(train.session[row]!);
    if (known === undefined || train.labelTime[row]! >= train.labelTime[known]!) last.set(train.session[row]!, row);
  }
  const sessions = Array.from(last.values(), (row): TrainSession => {
    const items = new Set<number>();
    for (let i = train.prefixOffsets[row]!; i < train.prefixOffsets[row + 1]!; i++) items.add(train.prefixItems[i]!);
    items.add(train.label[row]!);
    for (const item of items) {
      if (item >= 0 && item < nItems) continue;
      throw dataError({
        where: `train pairs, row ${row}`,
        found: `item ${item}`,
        expected: `0 to ${nItems - 1}`,
      });
    }
    return { items: [...items], time: train.labelTime[row]! };
  });
  // For equal times, the later in the file first: an order that does not depend on the engine's sort.
  return sessions
    .map((session, i) => ({ session, i }))
    .sort((a, b) => b.session.time - a.session.time || b.i - a.i)
    .map(({ session }) => session);
}

/** Per item, the sessions that contain it, in the order of the sessions, each given by its items. */
export function sessionsByItem(sessions: readonly Iterable<number>[], nItems: number): number[][] {
  const holding: number[][] = Array.from({ length: nItems }, () => []);
  sessions.forEach((items, s) => {
    for (const item of items) holding[item]!.push(s);
  });
  return holding;
}
