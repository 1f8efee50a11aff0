import { algorithmTitle } from "@kshot/comparison";
import { entryAt } from "@kshot/contract";
import type { MetaAlgorithmName } from "@kshot/meta-sgd";
import { bestTuning, oneRate, tuningInWords } from "./best-tuning.js";
import { emptyHistory, type NetworkTraining, type TrainedNetwork } from "./network-training.js";
import { trainMetaLearner } from "./train-meta-learner.js";

/**
 * `warm_start: tuned`: meta-training that starts from the best fine-tuning of the run's plain GRU and, if there is one, its GRU
 * with context. The best fine-tuning on the validation people gives θ, α₀, the number of steps and whether the support pairs are
 * read. Steps and meta-training replace the earlier network only for a gain that is significant for the number of settings tried
 * and of validations. Otherwise the network is used without them.
 */
export async function trainFromTuned(name: MetaAlgorithmName, options: NetworkTraining): Promise<TrainedNetwork> {
  const { engine, config, starts, progress } = options;
  const networks = (["gru", "gru-context"] as const).flatMap((source) => {
    const network = starts.own(source);
    return network ? [{ network, context: source === "gru-context" }] : [];
  });
  const stage = `${algorithmTitle(name)}, where to start`;
  const { inner_clip: innerClip } = config.metasgd_config;
  const chosen = await bestTuning(options, networks, { stage, guarded: true, innerClip });
  if (chosen === null) {
    return {
      algorithm: name,
      theta: entryAt(networks, 0).network.theta,
      alpha: engine.vector(),
      bestIteration: 0,
      bestMetrics: null,
      iterations: 0,
      stopped: "aborted",
      history: emptyHistory(),
      secondsPerIteration: [],
    };
  }
  progress({ type: "done", stage, text: `${tuningInWords(chosen)}, validation MRR ${chosen.metrics.mrr.toFixed(4)}` });
  const metasgd_config = {
    ...config.metasgd_config,
    inner_lr_init: chosen.rate,
    // If no step helped, learning starts with one step at rate 0.
    num_inner_steps: Math.max(1, chosen.steps),
    context: chosen.context,
  };
  const own = { ...config, metasgd_config };
  const alpha = oneRate(engine, chosen.adapts, chosen.steps === 0 ? 0 : chosen.rate);
  const start = { theta: chosen.network.theta, alpha, keepStart: true };
  return { ...(await trainMetaLearner(name, { ...options, config: own }, start)), config: own };
}
