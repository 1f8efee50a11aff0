import type { MetricName } from "@kshot/contract";
import { hitAt } from "./hit.js";
import { ndcgAt } from "./ndcg.js";
import type { Rank } from "./rank.js";
import { reciprocalRank } from "./reciprocal-rank.js";

/**
 * All metrics of one query, each the expectation over a random order of the tied items. Range 0 … 1.
 *
 * @throws `FAILED` for counts that are impossible with `nItems` items.
 */
export function metricsOf(ranked: Rank, nItems: number): Record<MetricName, number> {
  return {
    "accuracy@1": hitAt(1, ranked, nItems),
    "recall@5": hitAt(5, ranked, nItems),
    "recall@10": hitAt(10, ranked, nItems),
    "ndcg@10": ndcgAt(10, ranked, nItems),
    mrr: reciprocalRank(ranked),
  };
}
