import type { Pairs } from "@kshot/contract";

/**
 * What a person did before a query, as sessions, oldest first; the last one is the query's own prefix.
 *
 * Support pairs of one session are nested: each prefix continues the one before. They become one sequence, and where the
 * query's prefix continues it too, it is part of the query's. A prefix that was cut on its left continues the sequence whose end it
 * begins with.
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
    add([...Array.from(sequences[pair] as ArrayLike<number>), labels[pair] as number]);
  }
  add(Array.from(query));
  return sessions;
}

/** Where the end of `open` and the beginning of `next` agree in two items or more: the place in `open`, or −1. */
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

/** A prefix that ends where `open` ends before its last item, as the next pair of one session whose label is last. */
function contains(open: readonly number[], next: readonly number[]): boolean {
  return next.length === open.length && next.every((item, i) => item === open[i]);
}

function joined(open: readonly number[], next: readonly number[]): number[] {
  const from = overlapAt(open, next);
  return from < 0 ? [...open] : [...open.slice(0, from), ...next];
}
