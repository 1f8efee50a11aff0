import type { PairTable } from "@kshot/contract";
import { requireCount, requireQuery, withBackOff } from "./back-off.js";
import { knownItems } from "./known-items.js";
import type { Scorer } from "./scorer.js";
import { sessionsByItem, trainSessions } from "./train-sessions.js";

/** Settings of `sessionKnn`. */
export interface SessionKnnOptions {
  /** Sessions that vote. */
  readonly neighbours?: number;
  /** Latest sessions per known item that are looked at. */
  readonly sampled?: number;
}

/**
 * Session-kNN with vector weights (V-SKNN): the person's items are a vector w(i) = 1/rank(i), the latest having rank 1; a train
 * session s that shares one has sim(s) = Σ_{i ∈ s} w(i) / √(Σ w² · |s|); the 100 most similar of the 500 latest per item vote:
 * `score(j) = Σ_{s ∋ j} sim(s)·w(latest item that s shares)`.
 *
 * All else follows by popularity. Jannach & Ludewig 2017; Ludewig & Jannach 2018, section 3.3. Throws as `popularity`, and `USAGE`
 * for a query without items or an option out of range.
 */
export function sessionKnn(
  train: PairTable,
  nItems: number,
  { neighbours = 100, sampled = 500 }: SessionKnnOptions = {},
): Scorer {
  requireCount("session-knn, neighbours", neighbours);
  requireCount("session-knn, sampled", sampled);
  const backOff = withBackOff(train, nItems);
  const sessions = trainSessions(train, nItems);
  const holding = sessionsByItem(sessions, nItems);
  return {
    name: "session-knn",
    scores(query, support) {
      requireQuery("session-knn", query, nItems);
      const known = knownItems(query, support);
      const overlap = new Map<number, number>();
      const latest = new Map<number, number>();
      let length = 0;
      known.forEach((item, i) => {
        const weight = 1 / (i + 1);
        length += weight * weight;
        for (const s of holding[item]!.slice(0, sampled)) {
          overlap.set(s, (overlap.get(s) ?? 0) + weight);
          if (!latest.has(s)) latest.set(s, weight);
        }
      });
      const voters = Array.from(overlap, ([s, shared]): [number, number] => [
        s,
        shared / Math.sqrt(length * sessions[s]!.items.length),
      ])
        .sort((a, b) => b[1] - a[1] || a[0] - b[0])
        .slice(0, neighbours);
      const own = new Map<number, number>();
      for (const [s, similarity] of voters) {
        const vote = similarity * latest.get(s)!;
        for (const item of sessions[s]!.items) own.set(item, (own.get(item) ?? 0) + vote);
      }
      return backOff(own, query);
    },
  };
}
