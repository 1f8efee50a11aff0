import type { Pairs, PairTable } from "@kshot/contract";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import type { CountModel } from "../count-models/count-model.js";
import { countModelKind } from "../count-models/table.js";
import { itemsRepeat } from "../counts/items-repeat.js";
import type { StoredScorer } from "../stored-scorer.js";
import type { Expert } from "./expert.js";
import type { FittedStack } from "./fit-stack.js";
import { fitMixture, type Mixture, namedCountModel, type ValidationQuery } from "./mixture.js";

/** Added to the scores that are not probabilities, so that their logarithms are finite. */
const leastScore = 1e-6;

/**
 * A method as the expert of a stack. A count model gives its log-probabilities. The scores s of another method are not probabilities;
 * they are made some in the same order: p(b) ∝ s(b) + 10⁻⁶. Their scale is fitted, as the expert's weight.
 *
 * @param scorer its scores are at least 0
 */
export function expertOfScorer(scorer: StoredScorer | CountModel): Expert {
  const { name } = scorer;
  if ("logProbabilities" in scorer) return namedCountModel(name, scorer);
  const logProbabilities = (query: ArrayLike<number>, support: Pairs | null) => {
    const scores = scorer.scores(query, support);
    let sum = 0;
    for (let i = 0; i < scores.length; i++) {
      scores[i] = scores[i]! + leastScore;
      sum += scores[i]!;
    }
    for (let i = 0; i < scores.length; i++) scores[i] = Math.log(scores[i]! / sum);
    return scores;
  };
  return { name, logProbabilities };
}

/** A counting method with the seen rule. */
export interface WithSeenRule {
  readonly mixture: Mixture;
  /** The method of the stack, to store it. */
  readonly scorer: StoredScorer;
  readonly fitted: FittedStack;
}

/**
 * The seen rule of one counting method: a stack of this method and the features of the items that a person has seen.
 *
 *     p(b) ∝ exp(w₀·log p_method(b) + w₁·seen(b) + w₂/(age(b) + 1) + w₃·log(1 + count(b)))
 *
 * The four weights are fitted on the validation pairs (`fitStack`). Popularity is that of `countModelKind("popularity")`: p₀.
 *
 * @throws as `fitStack`
 */
export function withSeenRule(
  scorer: StoredScorer | CountModel,
  train: PairTable,
  validation: readonly ValidationQuery[],
  options: { readonly mostItems?: number; readonly random?: RandomGenerator } = {},
): WithSeenRule {
  const method =
    scorer.name === "popularity" ? countModelKind("popularity").fit(train, scorer.encode().nItems) : scorer;
  const repeats = itemsRepeat(train);
  const { mixture, fitted } = fitMixture([expertOfScorer(method)], validation, {
    ...options,
    repeats,
    name: method.name,
  });
  return { mixture, scorer: method, fitted };
}
