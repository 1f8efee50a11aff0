import type { Pairs } from "@kshot/contract";

/** The pairs that a model is fitted to, and its query. */
export interface PersonTask {
  /** The last K (prefix → next item) pairs; empty if no session has two items. */
  readonly support: Pairs;
  /** The history to rank for: items, oldest first; empty for a person without clicks. */
  readonly query: readonly number[];
}

/**
 * Support pairs and query of one person, as in training: a pair never crosses the end of a session, and an immediately repeated
 * item counts once.
 *
 * With `context` (a model of whole histories) a support pair's sequence starts with the support pairs of earlier sessions, and
 * the query is the whole history. Without it, each sequence is of one session.
 *
 * Only items that a model can read are kept: the last `maxSeqLen` items of a sequence. The cost therefore does not depend on the
 * length of the history.
 *
 * @param sessions item numbers, oldest session first, oldest item first
 * @param options `k`, the largest number of support pairs, and `maxSeqLen`, the largest number of items of a sequence, both at
 * least 1; `context`, whether sequences start with earlier sessions
 */
export function personTask(
  sessions: readonly (readonly number[])[],
  options: { readonly k: number; readonly maxSeqLen: number; readonly context: boolean },
): PersonTask {
  const { k, maxSeqLen, context } = options;
  const tails: number[][] = [];
  let missing = k;
  let first = sessions.length;
  while (first > 0 && missing > 0) {
    first -= 1;
    const tail = lastDistinctNeighbours(sessions[first] ?? [], maxSeqLen + k + 1);
    // A session of one item gives no pair; the last one is the query.
    if (tail.length > 1 || first === sessions.length - 1) tails.push(tail);
    missing -= Math.max(0, tail.length - 1);
  }
  tails.reverse();
  const sequences: number[][] = [];
  const labels: number[] = [];
  for (const tail of tails) {
    for (const [end, label] of tail.entries()) {
      if (end === 0) continue;
      sequences.push(tail.slice(Math.max(0, end - maxSeqLen), end));
      labels.push(label);
    }
  }
  const from = Math.max(0, labels.length - k);
  const support = { sequences: sequences.slice(from), labels: labels.slice(from) };
  if (!context) return { support, query: (tails.at(-1) ?? []).slice(-maxSeqLen) };
  return { support: withEarlierSessions(support, tails, from, maxSeqLen), query: wholeHistory(sessions, maxSeqLen) };
}

/** Each pair's sequence, preceded by the support pairs of earlier sessions; its last `maxSeqLen` items. */
function withEarlierSessions(
  support: { readonly sequences: readonly number[][]; readonly labels: readonly number[] },
  tails: readonly (readonly number[])[],
  skipped: number,
  maxSeqLen: number,
): Pairs {
  const sequences: number[][] = [];
  let earlier: number[] = [];
  let pair = 0;
  for (const tail of tails) {
    let told = earlier;
    for (let end = 1; end < tail.length; end++, pair++) {
      if (pair < skipped) continue;
      const own = support.sequences[pair - skipped] ?? [];
      sequences.push([...earlier, ...own].slice(-maxSeqLen));
      told = [...earlier, ...tail.slice(0, end + 1)];
    }
    earlier = told.slice(-maxSeqLen);
  }
  return { sequences, labels: support.labels };
}

/** The last `maxSeqLen` items of all sessions in order; an immediately repeated item within a session counts once. */
function wholeHistory(sessions: readonly (readonly number[])[], maxSeqLen: number): number[] {
  let items: number[] = [];
  for (let s = sessions.length - 1; s >= 0 && items.length < maxSeqLen; s--) {
    items = [...lastDistinctNeighbours(sessions[s] ?? [], maxSeqLen), ...items];
  }
  return items.slice(-maxSeqLen);
}

/** The last `most` items of a session, without items that equal the one before. */
function lastDistinctNeighbours(session: readonly number[], most: number): number[] {
  const kept: number[] = [];
  for (let i = session.length - 1; i >= 0 && kept.length < most; i--) {
    if (i > 0 && session[i] === session[i - 1]) continue;
    kept.push(session[i]!);
  }
  return kept.reverse();
}
