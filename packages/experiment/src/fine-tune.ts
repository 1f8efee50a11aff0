import type { DataSet, Engine, ParameterLayout, ParameterVector } from "@kshot/contract";
import type { AdaptingGroup, Config } from "@kshot/contract/schemas";
import { overallMetrics } from "@kshot/metrics";
import { adaptingGroup } from "./adapting-groups.js";
import { rankEverybody } from "./evaluate-network.js";
import type { Progress } from "./progress.js";
import type { FinishedNetwork, TrainedNetwork, ValidationMetrics } from "./trained-network.js";

/** One way to fine-tune. */
interface Choice {
  readonly adapts: AdaptingGroup;
  readonly rate: number;
  readonly steps: number;
  readonly metrics: ValidationMetrics;
}

/**
 * The plain GRU fine-tuned on a person's support pairs by gradient descent with one rate: rate, number of steps and what adapts are
 * those with the highest few-shot MRR of the validation people's first windows (of equals, the earlier in the order of the settings,
 * fewer steps first). 0 steps is among them: where fine-tuning helps nobody, nothing is fine-tuned.
 */
export async function fineTune(options: {
  engine: Engine;
  layout: ParameterLayout;
  gru: FinishedNetwork;
  config: Config;
  data: DataSet;
  progress: Progress;
  signal?: AbortSignal;
}): Promise<TrainedNetwork> {
  const { engine, layout, gru, config, data, progress } = options;
  const { rates, max_steps, adapts } = config.finetune_config;
  const stage = "Fine-tuned GRU";
  const total = rates.length * adapts.length;
  progress({ type: "stage", stage, total, unit: "setting" });
  const steps = Array.from({ length: max_steps + 1 }, (_, step) => step);
  let best: Choice | undefined;
  let done = 0;
  for (const group of adapts) {
    for (const rate of rates) {
      if (options.signal?.aborted) return { ...untuned(gru), stopped: "aborted" };
      const ranked = await rankEverybody({
        engine,
        theta: gru.theta,
        alpha: ratesOf(engine, layout, group, rate),
        pairs: data.val.pairs,
        episodes: data.val.windows.first,
        k: data.k,
        steps,
      });
      for (const [i, { queries }] of ranked.entries()) {
        const metrics = overallMetrics(queries, data.items.length);
        if (best === undefined || metrics.mrr > best.metrics.mrr) {
          best = { adapts: group, rate, steps: steps[i]!, metrics };
        }
      }
      progress({ type: "step", stage, done: ++done, figures: { "val MRR": best!.metrics.mrr } });
    }
  }
  const chosen = best!;
  const metasgd_config = {
    ...config.metasgd_config,
    inner_lr_init: chosen.rate,
    num_inner_steps: chosen.steps,
    adapts: chosen.adapts,
    inner_clip: null,
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
    choice: `${chosen.steps} steps, rate ${chosen.rate}, adapts ${chosen.adapts}`,
  };
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
