import { checkRanked } from "./check-arguments.js";
import type { Rank } from "./rank.js";

/**
 * Expected rank, ties in random order: `g + 1 + m/2`, from 1 (docs/files.md, Metrics).
 *
 * @throws `FAILED` for invalid counts.
 */
export function expectedRank(ranked: Rank): number {
  checkRanked(ranked);
  return ranked.higher + 1 + ranked.tied / 2;
}
