import type { Pairs } from "@kshot/contract";

/** A recommender without gradients: scores for all items from a person's history. */
export interface Scorer {
  /** The algorithm's name on the command line. */
  readonly name: string;
  /**
   * Scores of all items, `[nItems]`, freshly allocated; higher is better, equal scores are ties.
   *
   * @param query the query's own prefix: items, oldest first
   * @param support the person's support pairs, or null for zero-shot
   */
  scores(query: ArrayLike<number>, support: Pairs | null): Float64Array;
}
