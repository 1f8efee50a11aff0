import type { AskedMetric } from "@kshot/contract";
import { hitAt } from "./hit.js";
import { ndcgAt } from "./ndcg.js";
import type { Rank } from "./rank.js";
import { reciprocalRank } from "./reciprocal-rank.js";

/**
 * A metric of one query's rank, by name: `accuracy@K` and `recall@K` (hit@K), `ndcg@K` or `mrr`, the expectation over ties. Range 0 … 1.
 *
 * @param metric one of ranks, not of lists
 * @param rank the label's rank
 * @param nItems number of items that were ranked, N
 * @returns the query's value
 */
export function rankMetric({ kind, k = 1 }: AskedMetric, rank: Rank, nItems: number): number {
  if (kind === "mrr") return reciprocalRank(rank);
  return kind === "ndcg" ? ndcgAt(k, rank, nItems) : hitAt(k, rank, nItems);
}
