import type { Engine, ParameterVector } from "@kshot/contract";
import type { AdaptingGroup } from "@kshot/contract/schemas";
import { overallMetrics } from "@kshot/metrics";
import { gainInStandardErrors, networkScorer, personalMrr, rankValidationPeople } from "../evaluation/index.js";
import { adaptingGroup } from "./adapting-groups.js";
import type { FinishedNetwork, NetworkTraining } from "./network-training.js";
import type { ValidationMetrics } from "./training-state.js";

/** A network that may be tuned, and how it uses the support pairs. */
export interface TunableNetwork {
  readonly network: FinishedNetwork;
  /** Whether histories begin with what the support pairs tell. */
  readonly context: boolean;
}

/** One way to fine-tune a network. */
export interface Tuning extends TunableNetwork {
  readonly adapts: AdaptingGroup;
  readonly rate: number;
  readonly steps: number;
  readonly metrics: ValidationMetrics;
}

/** What tuning needs of a training. */
export type TuningOptions = Pick<NetworkTraining, "engine" | "config" | "data" | "progress" | "signal">;

/**
 * The best way to fine-tune one of these networks on a person's support pairs by gradient descent with one rate: network, rate, number of
 * steps and what adapts with the highest few-shot MRR of the validation people's first windows (of equals, the earlier in the order of
 * the settings, fewer steps first). 0 steps is among them: where fine-tuning helps nobody, nothing is fine-tuned.
 *
 * @param choice.stage - name of the stage, for progress
 * @param choice.leastGain - steps count only where they gain at least this many standard errors over none, paired by person: of hundreds
 *   of settings the luckiest looks good on few people. Default 0
 * @param choice.innerClip - as training will have it: gradients scaled to at most this norm. Default null: none is
 * @returns null once stopped
 */
export async function bestTuning(
  { engine, config, data, progress, signal }: TuningOptions,
  networks: readonly TunableNetwork[],
  choice: { readonly stage: string; readonly leastGain?: number; readonly innerClip?: number | null },
): Promise<Tuning | null> {
  const { rates, max_steps, adapts } = config.finetune_config;
  const { stage, leastGain = 0, innerClip = null } = choice;
  progress({ type: "stage", stage, total: networks.length * rates.length * adapts.length, unit: "setting" });
  const steps = Array.from({ length: max_steps + 1 }, (_, step) => step);
  let best: Tuning | null = null;
  let done = 0;
  for (const { network, context } of networks) {
    for (const group of adapts) {
      for (const rate of rates) {
        if (signal?.aborted) return null;
        const alpha = oneRate(engine, group, rate);
        const scorer = networkScorer({ engine, theta: network.theta, alpha, rules: { context, innerClip } });
        const ranked = await rankValidationPeople(scorer, data, steps);
        const unchanged = personalMrr(ranked[0]!, data.items.length);
        for (const [count, people] of ranked.entries()) {
          const metrics = overallMetrics(people.queries, data.items.length);
          if (best !== null && metrics.mrr <= best.metrics.mrr) continue;
          if (count > 0 && gainInStandardErrors(personalMrr(people, data.items.length), unchanged) < leastGain)
            continue;
          best = { network, context, adapts: group, rate, steps: count, metrics };
        }
        progress({ type: "step", stage, done: ++done, figures: { "val MRR": best?.metrics.mrr ?? 0 } });
      }
    }
  }
  return best;
}

/** A tuning in words. */
export function tuningInWords({ steps, rate, adapts, context }: Tuning): string {
  return `${steps} ${steps === 1 ? "step" : "steps"}, rate ${rate}, adapts ${adapts}${context ? ", reads the support pairs" : ""}`;
}

/** One rate for the tensors of a group, 0 for all others. */
export function oneRate(engine: Engine, group: AdaptingGroup, rate: number): ParameterVector {
  const alpha = engine.vector();
  const names = adaptingGroup(engine.layout, group);
  for (const { name, offset, size } of engine.layout.tensors)
    if (names.includes(name)) alpha.fill(rate, offset, offset + size);
  return alpha;
}
