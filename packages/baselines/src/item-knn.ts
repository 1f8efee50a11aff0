import type { PairTable } from "@kshot/contract";
import { requireCount, requireQuery, withBackOff } from "./back-off.js";
import { tensorOf } from "./count-models/count-model.js";
import { repeatsIn, repeatsTensor } from "./counts/items-repeat.js";
import { knownItems } from "./known-items.js";
import { labelCounts } from "./label-counts.js";
import { ragged } from "./ragged.js";
import { defineScorer, type StoredScorer } from "./stored-scorer.js";
import { sessionsByItem, trainSessions } from "./train-sessions.js";

/** Settings of `itemKnn`. */
export interface ItemKnnOptions {
  /** Neighbours kept per item. */
  readonly neighbours?: number;
  /** Added to the denominator, so that two items that were seen together once do not count as equal. */
  readonly shrinkage?: number;
}

/**
 * Item-kNN: with S_i the train sessions that contain item i, sim(i, j) = |S_i ∩ S_j| / (√(|S_i|·|S_j|) + λ). Each item
 * keeps its 100 largest similarities. `score(j) = Σ_i sim(i, j)/rank(i)` over the person's items i, the latest having rank 1.
 *
 * All other items follow by popularity. λ = 20 as in Hidasi et al. 2016; Sarwar et al. 2001, Deshpande & Karypis 2004.
 *
 * @throws as `popularity`, and `USAGE` for a query without items or an option out of range
 */
export function itemKnn(
  train: PairTable,
  nItems: number,
  { neighbours = 100, shrinkage = 20 }: ItemKnnOptions = {},
): StoredScorer {
  requireCount("item-knn, neighbours", neighbours);
  const popularity = Int32Array.from(labelCounts(train, nItems));
  const sessions = trainSessions(train, nItems);
  const holding = sessionsByItem(
    sessions.map(({ items }) => items),
    nItems,
  );
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
  const { offsets, items } = ragged(nearest.map((own) => own.map(([other]) => other)));
  const similarities = Float64Array.from(nearest.flatMap((own) => own.map(([, similarity]) => similarity)));
  return openItemKnn({ popularity, repeats: repeatsTensor(train), offsets, items, similarities }, nItems);
}

/** Item-kNN from its tensors. */
export const openItemKnn = defineScorer("item-knn", (tensors, nItems) => {
  const backOff = withBackOff(tensorOf(tensors, "popularity", "item-knn"), repeatsIn(tensors));
  const offsets = tensorOf(tensors, "offsets", "item-knn");
  const items = tensorOf(tensors, "items", "item-knn");
  const similarities = tensorOf(tensors, "similarities", "item-knn");
  return (query, support) => {
    requireQuery("item-knn", query, nItems);
    const own = new Map<number, number>();
    knownItems(query, support).forEach((item, i) => {
      for (let at = offsets[item]!; at < offsets[item + 1]!; at++) {
        own.set(items[at]!, (own.get(items[at]!) ?? 0) + similarities[at]! / (i + 1));
      }
    });
    return backOff(own, query);
  };
});
