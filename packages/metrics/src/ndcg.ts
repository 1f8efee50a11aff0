import { checkCutoff, checkRanked } from "./check-arguments.js";
import type { Rank } from "./rank.js";

/**
 * Expected NDCG at k of one relevant item, ties in random order (docs/files.md, Metrics).
 *
 * `NDCG@k = (1/(m + 1)) Σ 1/log₂(j + 1)` for `j = g+1 … min(k, g+m+1)`. Range 0 … 1.
 *
 * @throws `USAGE` for a k that is not a positive integer, `FAILED` for counts that are impossible with `nItems` items.
 */
export function ndcgAt(k: number, ranked: Rank, nItems: number): number {
  checkCutoff(k);
  checkRanked(ranked, nItems);
  const { higher, tied } = ranked;
  const last = Math.min(k, higher + tied + 1);
  let sum = 0;
  for (let rank = higher + 1; rank <= last; rank++) sum += 1 / Math.log2(rank + 1);
  return sum / (tied + 1);
}
