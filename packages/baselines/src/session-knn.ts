import type { PairTable } from "@kshot/contract";
import { requireCount, requireQuery, withBackOff } from "./back-off.js";
import { tensorOf } from "./count-models/count-model.js";
import { repeatsIn, repeatsTensor } from "./counts/items-repeat.js";
import { knownItems } from "./known-items.js";
import { labelCounts } from "./label-counts.js";
import { ragged } from "./ragged.js";
import { defineScorer, type StoredScorer } from "./stored-scorer.js";
import { sessionsByItem, trainSessions } from "./train-sessions.js";

/** Settings of `sessionKnn`. */
export interface SessionKnnOptions {
  /** Sessions that vote. */
  readonly neighbours?: number;
  /** Number of latest sessions per known item that are searched. */
  readonly sampled?: number;
}

/**
 * Session-kNN with vector weights (V-SKNN): the person's items are a vector w(i) = 1/rank(i), the latest having rank 1; a train
 * session s that shares one has sim(s) = Σ_{i ∈ s} w(i) / √(Σ w² · |s|); the 100 most similar of the 500 latest per item vote:
 * `score(j) = Σ_{s ∋ j} sim(s)·w(latest item that s shares)`.
 *
 * All other items follow by popularity. Jannach & Ludewig 2017; Ludewig & Jannach 2018, section 3.3.
 *
 * @throws as `popularity`, and `USAGE` for a query without items or an option out of range
 */
export function sessionKnn(
  train: PairTable,
  nItems: number,
  { neighbours = 100, sampled = 500 }: SessionKnnOptions = {},
): StoredScorer {
  requireCount("session-knn, neighbours", neighbours);
  requireCount("session-knn, sampled", sampled);
  const popularity = Int32Array.from(labelCounts(train, nItems));
  const { offsets, items } = ragged(trainSessions(train, nItems).map((session) => session.items));
  return openSessionKnn(
    { popularity, repeats: repeatsTensor(train), offsets, items, limits: Int32Array.of(neighbours, sampled) },
    nItems,
  );
}

/** Session-kNN from its tensors. */
export const openSessionKnn = defineScorer("session-knn", (tensors, nItems) => {
  const backOff = withBackOff(tensorOf(tensors, "popularity", "session-knn"), repeatsIn(tensors));
  const offsets = tensorOf(tensors, "offsets", "session-knn");
  const items = tensorOf(tensors, "items", "session-knn");
  const [neighbours = 0, sampled = 0] = tensorOf(tensors, "limits", "session-knn");
  const sessions = Array.from({ length: offsets.length - 1 }, (_, s) => items.subarray(offsets[s], offsets[s + 1]));
  const holding = sessionsByItem(sessions, nItems);
  return (query, support) => {
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
      shared / Math.sqrt(length * sessions[s]!.length),
    ])
      .sort((a, b) => b[1] - a[1] || a[0] - b[0])
      .slice(0, neighbours);
    const own = new Map<number, number>();
    for (const [s, similarity] of voters) {
      const vote = similarity * latest.get(s)!;
      for (const item of sessions[s]!) own.set(item, (own.get(item) ?? 0) + vote);
    }
    return backOff(own, query);
  };
});
