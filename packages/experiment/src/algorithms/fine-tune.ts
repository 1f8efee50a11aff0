import type { DataSet, Engine, ParameterLayout, ParameterVector } from "@kshot/contract";
import type { AdaptingGroup, Config } from "@kshot/contract/schemas";
import { overallMetrics } from "@kshot/metrics";
import { rankEverybody } from "../evaluation/evaluate-network.js";
import { gainInStandardErrors, personalMrr } from "../evaluation/validation-gain.js";
import type { Progress } from "../progress.js";
import { adaptingGroup } from "./adapting-groups.js";
import type { FinishedNetwork, TrainedNetwork, ValidationMetrics } from "./trained-network.js";

/** One way to fine-tune a network. */
export interface Tuning {
  readonly network: FinishedNetwork;
  /** Whether histories begin with what the support pairs tell. */
  readonly context: boolean;
  readonly adapts: AdaptingGroup;
  readonly rate: number;
  readonly steps: number;
  readonly metrics: ValidationMetrics;
}

/** What tuning needs. */
export interface TuningOptions {
  readonly engine: Engine;
  readonly layout: ParameterLayout;
  readonly config: Config;
  readonly data: DataSet;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/**
 * The best way to fine-tune one of these networks on a person's support pairs by gradient descent with one rate: network, rate, number of
 * steps and what adapts with the highest few-shot MRR of the validation people's first windows (of equals, the earlier in the order of
 * the settings, fewer steps first). 0 steps is among them: where fine-tuning helps nobody, nothing is fine-tuned. Null once stopped.
 *
 * @param leastGain steps count only where they gain at least this many standard errors over none, paired by person: of hundreds of
 *   settings the luckiest looks good on few people
 * @param innerClip as training will have it: gradients scaled to at most this norm
 */
export async function bestTuning(
  { engine, layout, config, data, progress, signal }: TuningOptions,
  networks: readonly { readonly network: FinishedNetwork; readonly context: boolean }[],
  stage: string,
  { leastGain = 0, innerClip = null }: { readonly leastGain?: number; readonly innerClip?: number | null } = {},
): Promise<Tuning | null> {
  const { rates, max_steps, adapts } = config.finetune_config;
  const clip = innerClip === null ? {} : { innerClip };
  progress({ type: "stage", stage, total: networks.length * rates.length * adapts.length, unit: "setting" });
  const steps = Array.from({ length: max_steps + 1 }, (_, step) => step);
  let best: Tuning | null = null;
  let done = 0;
  for (const { network, context } of networks) {
    for (const group of adapts) {
      for (const rate of rates) {
        if (signal?.aborted) return null;
        const ranked = await rankEverybody({
          engine,
          theta: network.theta,
          alpha: ratesOf(engine, layout, group, rate),
          ...clip,
          context,
          pairs: data.val.pairs,
          episodes: data.val.windows.first,
          k: data.k,
          steps,
        });
        const unchanged = personalMrr(ranked[0]!, data.items.length);
        for (const [i, people] of ranked.entries()) {
          const metrics = overallMetrics(people.queries, data.items.length);
          if (best !== null && metrics.mrr <= best.metrics.mrr) continue;
          if (i > 0 && gainInStandardErrors(personalMrr(people, data.items.length), unchanged) < leastGain) continue;
          best = { network, context, adapts: group, rate, steps: steps[i]!, metrics };
        }
        progress({ type: "step", stage, done: ++done, figures: { "val MRR": best!.metrics.mrr } });
      }
    }
  }
  return best;
}

/** The plain GRU fine-tuned on the support pairs, as `bestTuning` has it. */
export async function fineTune(options: TuningOptions & { readonly gru: FinishedNetwork }): Promise<TrainedNetwork> {
  const { engine, layout, gru, config } = options;
  const chosen = await bestTuning(options, [{ network: gru, context: false }], "Fine-tuned GRU");
  if (chosen === null) return { ...untuned(gru), stopped: "aborted" };
  const metasgd_config = {
    ...config.metasgd_config,
    inner_lr_init: chosen.rate,
    num_inner_steps: chosen.steps,
    adapts: chosen.adapts,
    inner_clip: null,
    context: false,
    mask: "carry" as const,
  };
  return {
    ...untuned(gru),
    alpha: ratesOf(engine, layout, chosen.adapts, chosen.rate),
    bestMetrics: chosen.metrics,
    history: {
      iteration: [],
      metaLoss: [],
      validation: [{ iteration: 0, metrics: chosen.metrics }],
      alpha: {},
    },
    config: { ...config, metasgd_config },
    choice: inWords(chosen),
  };
}

/** A tuning in words. */
export function inWords({ steps, rate, adapts, context }: Tuning): string {
  return `${steps} ${steps === 1 ? "step" : "steps"}, rate ${rate}, adapts ${adapts}${context ? ", reads the support pairs" : ""}`;
}

function untuned(gru: FinishedNetwork): TrainedNetwork {
  return {
    algorithm: "gru-finetuned",
    theta: gru.theta,
    alpha: null,
    bestIteration: 0,
    bestMetrics: null,
    iterations: 0,
    stopped: "finished",
    history: { iteration: [], metaLoss: [], validation: [], alpha: {} },
    secondsPerIteration: [],
  };
}

/** One rate for the tensors of a group, 0 for all others. */
export function ratesOf(engine: Engine, layout: ParameterLayout, group: AdaptingGroup, rate: number): ParameterVector {
  const alpha = engine.vector();
  const names = adaptingGroup(layout, group);
  for (const { name, offset, size } of layout.tensors)
    if (names.includes(name)) alpha.fill(rate, offset, offset + size);
  return alpha;
}
