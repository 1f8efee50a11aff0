import type { Pairs } from "@kshot/contract";

/**
 * A person's events before a query, as sessions, oldest first; the last one is the query's own prefix.
 *
 * Support pairs of one session are nested: each prefix continues the one before. They become one sequence. If the query's prefix
 * continues it too, the sequence is part of the query's. A prefix that was cut on its left continues a sequence whose end is its
 * beginning.
 *
 * @param query the query's prefix, oldest item first
 * @param support the person's earlier pairs in order of time, or null
 */
export function personHistory(query: ArrayLike<number>, support: Pairs | null): number[][] {
  const sessions: number[][] = [];
  const add = (next: number[]) => {
    const open = sessions[sessions.length - 1];
    if (open !== undefined && continues(open, next)) sessions[sessions.length - 1] = joined(open, next);
    else sessions.push(next);
  };
  for (let pair = 0; pair < (support?.sequences.length ?? 0); pair++) {
    const { sequences, labels } = support as Pairs;
    add([...Array.from(sequences[pair]!), labels[pair]!]);
  }
  add(Array.from(query));
  return sessions;
}

/** Position in `open` from which its end equals the beginning of `next` in two items or more; or −1. */
function overlapAt(open: readonly number[], next: readonly number[]): number {
  for (let from = Math.max(0, open.length - next.length); from <= open.length - 2; from++) {
    let at = 0;
    while (from + at < open.length && open[from + at] === next[at]) at++;
    if (from + at === open.length) return from;
  }
  return -1;
}

function continues(open: readonly number[], next: readonly number[]): boolean {
  return overlapAt(open, next) >= 0 || contains(open, next);
}

/** A prefix that ends one item before the end of `open`, as that of the next pair of the same session. */
function contains(open: readonly number[], next: readonly number[]): boolean {
  return next.length === open.length && next.every((item, i) => item === open[i]);
}

function joined(open: readonly number[], next: readonly number[]): number[] {
  const from = overlapAt(open, next);
  return from < 0 ? [...open] : [...open.slice(0, from), ...next];
}
