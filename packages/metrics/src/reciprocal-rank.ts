import { checkRanked } from "./check-arguments.js";
import type { Rank } from "./rank.js";

/**
 * Expected reciprocal rank, ties in random order; its mean is MRR (docs/files.md, Metrics).
 *
 * `RR = (1/(m + 1)) Σ 1/j` for `j = g+1 … g+m+1`. Range 0 … 1.
 *
 * @throws `FAILED` for invalid counts.
 */
export function reciprocalRank(ranked: Rank): number {
  checkRanked(ranked);
  const { higher, tied } = ranked;
  let sum = 0;
  for (let rank = higher + 1; rank <= higher + tied + 1; rank++) sum += 1 / rank;
  return sum / (tied + 1);
}
