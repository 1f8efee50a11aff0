import { checkCutoff, checkRanked } from "./check-arguments.js";
import type { Rank } from "./rank.js";

/**
 * Probability that the label is among the first k, ties in random order: accuracy@1, recall@k (docs/files.md, Metrics).
 *
 * `hit@k = clamp((k − g)/(m + 1), 0, 1)`; 1 for k ≥ `nItems`. Range 0 … 1.
 *
 * @throws `USAGE` for a k that is not a positive integer, `FAILED` for counts that are impossible with `nItems` items.
 */
export function hitAt(k: number, ranked: Rank, nItems: number): number {
  checkCutoff(k);
  checkRanked(ranked, nItems);
  return Math.min(1, Math.max(0, (k - ranked.higher) / (ranked.tied + 1)));
}
