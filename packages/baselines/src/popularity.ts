import type { PairTable } from "@kshot/contract";
import { tensorOf } from "./count-models/count-model.js";
import { labelCounts } from "./label-counts.js";
import { defineScorer, type StoredScorer } from "./stored-scorer.js";

/**
 * Popularity: an item's score is the number of train pairs with it as label, the same for all people.
 *
 * @throws `USAGE` for an `nItems` that is not a positive integer, `DATA` for a label outside the vocabulary.
 */
export function popularity(train: PairTable, nItems: number): StoredScorer {
  return openPopularity({ popularity: Int32Array.from(labelCounts(train, nItems)) }, nItems);
}

/** Popularity from its tensors. */
export const openPopularity = defineScorer("popularity", (tensors) => {
  const counts = tensorOf(tensors, "popularity", "popularity");
  return () => Float64Array.from(counts);
});
