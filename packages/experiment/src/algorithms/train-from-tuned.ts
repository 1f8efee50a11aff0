import type { AlgorithmName } from "@kshot/contract";
import type { MetaAlgorithmName } from "@kshot/meta-sgd";
import { algorithmTitle } from "../algorithm-table.js";
import { convincingGain } from "../evaluation/validation-gain.js";
import { bestTuning, inWords, ratesOf, type TuningOptions } from "./fine-tune.js";
import { trainMetaLearner } from "./train-meta.js";
import type { FinishedNetwork, TrainedNetwork } from "./trained-network.js";

/**
 * `warm_start: tuned`: meta-training that starts where fine-tuning ends. Of the run's plain GRU and, where there is one, its GRU with
 * context, the best fine-tuning on the validation people gives θ, α₀, the number of steps and whether the support pairs are read. Neither steps nor
 * meta-training are taken on for a gain of less than two standard errors on those people: where there is little to learn from five
 * pairs, or few people to tell by, the network stays as it was.
 */
export async function trainFromTuned(
  options: TuningOptions &
    Omit<Parameters<typeof trainMetaLearner>[0], "theta" | "alpha"> & {
      readonly name: MetaAlgorithmName;
      readonly trained: ReadonlyMap<AlgorithmName, FinishedNetwork>;
    },
): Promise<TrainedNetwork> {
  const { name, engine, layout, config, trained, progress } = options;
  const networks = (["gru", "gru-context"] as const).flatMap((source) => {
    const network = trained.get(source);
    return network ? [{ network, context: source === "gru-context" }] : [];
  });
  const stage = `${algorithmTitle(name)}, where to start`;
  const chosen = await bestTuning(options, networks, stage, {
    leastGain: convincingGain,
    innerClip: config.metasgd_config.inner_clip,
  });
  if (chosen === null) {
    const { theta } = networks[0]!.network;
    const history = { iteration: [], metaLoss: [], validation: [], alpha: {} };
    const nothing = { bestIteration: 0, bestMetrics: null, iterations: 0, history, secondsPerIteration: [] };
    return { algorithm: name, theta, alpha: engine.vector(), stopped: "aborted", ...nothing };
  }
  progress({ type: "done", stage, text: `${inWords(chosen)}, validation MRR ${chosen.metrics.mrr.toFixed(4)}` });
  const metasgd_config = {
    ...config.metasgd_config,
    inner_lr_init: chosen.rate,
    // Where no step helped, learning begins with one step at rate 0.
    num_inner_steps: Math.max(1, chosen.steps),
    context: chosen.context,
  };
  const own = { ...config, metasgd_config };
  const network = await trainMetaLearner({
    ...options,
    config: own,
    theta: chosen.network.theta,
    alpha: ratesOf(engine, layout, chosen.adapts, chosen.steps === 0 ? 0 : chosen.rate),
    keepStart: true,
  });
  return { ...network, config: own };
}
