import type { PairTable } from "@kshot/contract";
import { requireCount, requireQuery, withBackOff } from "./back-off.js";
import { knownItems } from "./known-items.js";
import type { Scorer } from "./scorer.js";
import { sessionsByItem, trainSessions } from "./train-sessions.js";

/** Settings of `itemKnn`. */
export interface ItemKnnOptions {
  /** Neighbours kept per item. */
  readonly neighbours?: number;
  /** Added to the denominator, so that two items met once together are not taken for twins. */
  readonly shrinkage?: number;
}

/**
 * Item-kNN: with S_i the train sessions that hold item i, sim(i, j) = |S_i ∩ S_j| / (√(|S_i|·|S_j|) + λ), of which each item keeps
 * its 100 greatest; `score(j) = Σ_i sim(i, j)/rank(i)` over the person's items i, the latest having rank 1.
 *
 * All else follows by popularity. λ = 20 as in Hidasi et al. 2016; Sarwar et al. 2001, Deshpande & Karypis 2004.
 * Throws as `popularity`, and `USAGE` for a query without items or an option out of range.
 */
export function itemKnn(
  train: PairTable,
  nItems: number,
  { neighbours = 100, shrinkage = 20 }: ItemKnnOptions = {},
): Scorer {
  requireCount("item-knn, neighbours", neighbours);
  const backOff = withBackOff(train, nItems);
  const sessions = trainSessions(train, nItems);
  const holding = sessionsByItem(sessions, nItems);
  const nearest = holding.map((own, item) => {
    const together = new Map<number, number>();
    for (const s of own) {
      for (const other of sessions[s]!.items) together.set(other, (together.get(other) ?? 0) + 1);
    }
    together.delete(item);
    return Array.from(together, ([other, count]): [number, number] => [
      other,
      count / (Math.sqrt(own.length * holding[other]!.length) + shrinkage),
    ])
      .sort((a, b) => b[1] - a[1] || a[0] - b[0])
      .slice(0, neighbours);
  });
  return {
    name: "item-knn",
    scores(query, support) {
      requireQuery("item-knn", query, nItems);
      const own = new Map<number, number>();
      knownItems(query, support).forEach((item, i) => {
        for (const [other, similarity] of nearest[item]!) {
          own.set(other, (own.get(other) ?? 0) + similarity / (i + 1));
        }
      });
      return backOff(own, query);
    },
  };
}
