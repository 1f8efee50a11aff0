import { algorithmTitle } from "@kshot/comparison";
import { bestTuning, oneRate, tuningInWords } from "./best-tuning.js";
import { emptyHistory, type NetworkTraining, type TrainedNetwork } from "./network-training.js";

/**
 * `gru-finetuned`: the plain GRU fine-tuned on the support pairs, with the choice of `bestTuning` on the validation people.
 * Nothing is trained; the chosen values are stored in the network's settings. The plain GRU is that of the run, otherwise that of
 * the file.
 */
export async function fineTune(options: NetworkTraining): Promise<TrainedNetwork> {
  const { engine, config, starts } = options;
  const gru = starts.own("gru") ?? (await starts.fromFile("gru"));
  const untuned = {
    algorithm: "gru-finetuned",
    theta: gru.theta,
    alpha: null,
    bestIteration: 0,
    bestMetrics: null,
    iterations: 0,
    history: emptyHistory(),
    secondsPerIteration: [],
  } as const;
  const networks = [{ network: gru, context: false }];
  const chosen = await bestTuning(options, networks, { stage: algorithmTitle("gru-finetuned") });
  if (chosen === null) return { ...untuned, stopped: "aborted" };
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
    ...untuned,
    alpha: oneRate(engine, chosen.adapts, chosen.rate),
    bestMetrics: chosen.metrics,
    stopped: "finished",
    history: { ...emptyHistory(), validation: [{ iteration: 0, metrics: chosen.metrics }] },
    config: { ...config, metasgd_config },
    choice: tuningInWords(chosen),
  };
}
