import type { PairTable } from "@kshot/contract";
import { labelCounts } from "./label-counts.js";
import type { Scorer } from "./scorer.js";

/**
 * Popularity: an item's score is how often it is the label of a train pair, the same for everybody.
 *
 * @throws `USAGE` for an `nItems` that is no positive integer, `DATA` for a label outside the vocabulary.
 */
export function popularity(train: PairTable, nItems: number): Scorer {
  const counts = labelCounts(train, nItems);
  return { name: "popularity", scores: () => counts.slice() };
}
