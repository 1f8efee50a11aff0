import type { Window } from "@kshot/contract";
import type { Evaluation, Results } from "@kshot/contract/schemas";
import { innerStepsOf } from "./algorithm-table.js";
import { evaluationAt } from "./run/results.js";

/** Split and window of an evaluation. */
export interface EvaluationPlace {
  readonly split: Evaluation["split"];
  readonly window: Window;
}

/** What a method gives with the support pairs: adapted to them, fed with them, or whatever it does that uses none. */
export function fewShotOf(result: Results, place: EvaluationPlace): Evaluation | undefined {
  return evaluationAt(result, { ...place, steps: innerStepsOf(result) });
}

/** What a method gives without the support pairs: no steps and, where a method reads the pairs, none of them (k = 0). */
export function zeroShotOf(result: Results, place: EvaluationPlace): Evaluation | undefined {
  return evaluationAt(result, { ...place, steps: 0, k: 0 }) ?? evaluationAt(result, { ...place, steps: 0 });
}

/** Whether zero-shot and few-shot are two different things. */
export function usesSupport(result: Results, place: EvaluationPlace): boolean {
  return fewShotOf(result, place) !== zeroShotOf(result, place);
}
