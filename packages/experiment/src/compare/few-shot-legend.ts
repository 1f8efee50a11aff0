import type { Results } from "@kshot/contract/schemas";
import { algorithmTitle, innerStepsOf, isAdapting } from "../algorithm-table.js";

/**
 * What few-shot means in a run's table: the support pairs, and each adapting method's inner steps. Fine-tuning, and a learner that starts
 * from it, has the number that was best on the validation people, which is not the run's setting.
 */
export function fewShotLegend(results: readonly Results[]): string {
  const bySteps = new Map<string, string[]>();
  for (const result of results) {
    if (!isAdapting(result.algorithm)) continue;
    const steps = innerStepsOf(result);
    const count = `${steps} inner ${steps === 1 ? "step" : "steps"}`;
    const chosen = isChosen(result) ? ", chosen on the validation people" : "";
    bySteps.set(count + chosen, [...(bySteps.get(count + chosen) ?? []), algorithmTitle(result.algorithm)]);
  }
  const steps = [...bySteps].map(([count, titles]) => `; ${titles.join(", ")}: after ${count}`);
  return `Few-shot: with K = ${results[0]?.k ?? 0} support pairs${steps.join("")}.`;
}

function isChosen({ algorithm, config }: Results): boolean {
  const { warm_start } = (config.metasgd_config ?? {}) as { warm_start?: string | null };
  return algorithm === "gru-finetuned" || warm_start === "tuned";
}
