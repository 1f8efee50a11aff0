import type { Logits, Pairs } from "@kshot/contract";

/** One person as a scorer sees them. */
export interface Person {
  /** Observed pairs, in time order; there may be none. */
  readonly support: Pairs;
  /** Pairs whose labels are ranked. */
  readonly query: Pairs;
  /**
   * The query with everything known of the person in front of each history. Left out: with what the support pairs tell. Only a
   * scorer that reads context uses it.
   */
  readonly queryInContext?: Pairs;
}

/**
 * Scores all items for people's queries, with their support pairs: a network that adapts, counts, or a mixture of such. Everything
 * that is evaluated or recommends is one.
 */
export interface PersonScorer {
  readonly nItems: number;
  /** People whose scores may be computed together; bounds memory, changes no number. */
  readonly peopleAtOnce: number;
  /**
   * @param people - `[P]`
   * @param steps - numbers of gradient steps on the support pairs, `[S]`; a scorer without gradients takes none
   * @returns `result[i][p]`: scores `[queries of p, nItems]` after `steps[i]` steps; higher is better
   */
  scores(people: readonly Person[], steps: readonly number[]): Promise<readonly (readonly Logits[])[]>;
}
