import type { Pairs } from "@kshot/contract";
import type { CountModel } from "../count-models/count-model.js";
import { ItemEvidence } from "../counts/item-evidence.js";
import type { Expert } from "./expert.js";
import { LogRatios } from "./log-ratios.js";
import { addWeighted } from "./stack.js";

/** Σₑ wₑ·log pₑ of all items up to a constant, `[nItems]`. `given` are the values of the experts after those that are called. */
export type ExpertSum = (
  query: ArrayLike<number>,
  support: Pairs | null,
  given: readonly ArrayLike<number>[],
  into?: Float64Array,
) => Float64Array;

/**
 * The weighted sum of experts' log-probabilities.
 *
 * An item without a count for a query has p = r·p₀ in a count model, and r is the same for all such items. So the sum starts at
 * Σₑ wₑ·log p₀, computed once, and each count model changes only the items that it has a count of, by wₑ·log(p/(r·p₀)).
 *
 * @param weights one per expert, in order, then those of the given ones
 */
export function expertSum(experts: readonly Expert[], weights: readonly number[]): ExpertSum {
  const models = experts.map(({ countModel }) => countModel);
  let base: Float64Array | undefined;
  let evidence: ItemEvidence | undefined;
  let ratios: LogRatios | undefined;
  let memory: Float64Array | undefined;
  const inverse = models.map((model) => model?.prior.map((p) => 1 / p));
  return (query, support, given, into) => {
    if (base === undefined) {
      const sized = models.find((model) => model !== undefined)?.prior;
      const nItems = (sized ?? given[0] ?? experts[0]?.logProbabilities(query, support) ?? []).length;
      base = weightedPriors(models, weights, nItems);
      evidence = new ItemEvidence(nItems);
      ratios = new LogRatios(nItems);
      memory = new Float64Array(nItems);
    }
    const scores = into ?? new Float64Array(base.length);
    scores.set(base);
    for (let e = 0; e < experts.length; e++) {
      const model = models[e];
      if (model === undefined) addWeighted(scores, weights[e]!, experts[e]!.logProbabilities(query, support, memory));
      else {
        model.sparseProbabilities(query, support, evidence!);
        ratios!.add(scores, weights[e]!, evidence!, inverse[e]!);
      }
    }
    for (let g = 0; g < given.length; g++) addWeighted(scores, weights[experts.length + g]!, given[g]!);
    return scores;
  };
}

/** Σₑ wₑ·log p₀ over the count models. */
function weightedPriors(
  models: readonly (CountModel | undefined)[],
  weights: readonly number[],
  nItems: number,
): Float64Array {
  const sum = new Float64Array(nItems);
  models.forEach((model, e) => {
    if (model !== undefined) addWeighted(sum, weights[e]!, model.prior.map(Math.log));
  });
  return sum;
}
