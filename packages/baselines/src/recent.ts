import type { PairTable } from "@kshot/contract";
import { requireQuery, withBackOff } from "./back-off.js";
import { tensorOf } from "./count-models/count-model.js";
import { repeatsIn, repeatsTensor } from "./counts/items-repeat.js";
import { knownItems } from "./known-items.js";
import { labelCounts } from "./label-counts.js";
import { defineScorer, type StoredScorer } from "./stored-scorer.js";

/**
 * The person's items, the latest first, then all others by popularity: the best figure from revisits only.
 *
 * The i-th latest distinct item of prefix and support pairs scores 1 + 1/i (not the prefix's last item, if no train pair repeats
 * it); without a person's items the ranking is popularity's.
 *
 * @throws as `popularity`, and `USAGE` for a query without items
 */
export function recent(train: PairTable, nItems: number): StoredScorer {
  return openRecent({ popularity: Int32Array.from(labelCounts(train, nItems)), repeats: repeatsTensor(train) }, nItems);
}

/** Recent items from its tensors. */
export const openRecent = defineScorer("recent", (tensors, nItems) => {
  const backOff = withBackOff(tensorOf(tensors, "popularity", "recent"), repeatsIn(tensors));
  return (query, support) => {
    requireQuery("recent", query, nItems);
    const own = new Map(knownItems(query, support).map((item, i) => [item, 1 / (i + 1)]));
    return backOff(own, query);
  };
});
