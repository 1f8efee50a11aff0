import type { Logits, Pairs } from "@kshot/contract";

/** One person, as input of a scorer. */
export interface Person {
  /** Support pairs in time order; can be empty. */
  readonly support: Pairs;
  /** Pairs whose labels are ranked. */
  readonly query: Pairs;
  /**
   * The query with all known items of the person before each history. Left out: with the items of the support pairs. Only a
   * scorer that reads context uses it.
   */
  readonly queryInContext?: Pairs;
}

/**
 * Scores all items for people's queries, with their support pairs: a network that adapts, counts, or a mixture of these. Evaluation
 * and recommendation use this interface.
 */
export interface PersonScorer {
  readonly nItems: number;
  /** Number of people whose scores are computed together. It bounds memory and does not change results. */
  readonly peopleAtOnce: number;
  /**
   * @param people - `[P]`
   * @param steps - numbers of gradient steps on the support pairs, `[S]`; a scorer without gradients takes none
   * @returns `result[i][p]`: scores `[queries of p, nItems]` after `steps[i]` steps; higher is better
   */
  scores(people: readonly Person[], steps: readonly number[]): Promise<readonly (readonly Logits[])[]>;
}
