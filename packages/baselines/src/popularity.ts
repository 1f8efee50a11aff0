import type { PairTable } from "@kshot/contract";
import { labelCounts } from "./label-counts.js";
import { tensorOf } from "./rivals/rival.js";
import { defineScorer, type StoredScorer } from "./stored-scorer.js";

/**
 * Popularity: an item's score is how often it is the label of a train pair, the same for everybody.
 *
 * @throws `USAGE` for an `nItems` that is no positive integer, `DATA` for a label outside the vocabulary.
 */
export function popularity(train: PairTable, nItems: number): StoredScorer {
  return openPopularity({ popularity: Int32Array.from(labelCounts(train, nItems)) }, nItems);
}

/** Popularity from its tensors. */
export const openPopularity = defineScorer("popularity", (tensors) => {
  const counts = tensorOf(tensors, "popularity", "popularity");
  return () => Float64Array.from(counts);
});
