import type { Pairs } from "@kshot/contract";
import type { CountModel } from "../count-models/count-model.js";

/** Any source of a log-probability of every item: a count model, or a network by `expertOfLogits`. */
export interface Expert {
  readonly name: string;
  /**
   * log p(item | query, support), `[nItems]`, finite.
   *
   * @param into memory that the expert may write them to and return, `[nItems]`
   */
  logProbabilities(query: ArrayLike<number>, support: Pairs | null, into?: Float64Array): ArrayLike<number>;
  /** The count model that these are the probabilities of, if any: a mixture reads it in its sparse form. */
  readonly countModel?: CountModel;
}
