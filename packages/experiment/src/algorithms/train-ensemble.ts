import { algorithmTitle } from "@kshot/comparison";
import { interruptedError, type ParameterVector } from "@kshot/contract";
import { randomStream } from "@kshot/metrics";
import { supportRules } from "../evaluation/index.js";
import type { HybridEnsemble, LearnedHybrid } from "./hybrid.js";
import type { NetworkTraining, TrainingCheckpoints } from "./network-training.js";
import { trainPlainGru } from "./train-supervised.js";

/** The input of the training of an ensemble. */
export interface EnsembleOptions
  extends Pick<NetworkTraining, "engine" | "shape" | "config" | "data" | "progress" | "seconds" | "signal"> {
  /** The number of networks with the stack's own, 2 or more. */
  readonly networks: number;
  /** The storage of the state of network `number`, from 2. */
  readonly checkpoints: (number: number) => TrainingCheckpoints;
}

/**
 * Trains GRUs like the run's `gru` or `gru-context`, whose input equals that of the stack's network, from other seeds: other initial
 * weights, dropout and order of minibatches. Their mean varies less than one of them. Lakshminarayanan, Pritzel & Blundell 2017.
 *
 * @throws `INTERRUPTED` when `signal` fires
 */
export async function trainEnsemble(
  { network }: Pick<LearnedHybrid, "network">,
  { networks, checkpoints, ...training }: EnsembleOptions,
): Promise<HybridEnsemble> {
  const { config, engine, progress } = training;
  const algorithm = network.rules.context ? "gru-context" : "gru";
  const thetas: ParameterVector[] = [];
  for (let number = 2; number <= networks; number++) {
    const stage = `${algorithmTitle("hybrid")}, network ${number} of ${networks}`;
    const trained = await trainPlainGru(algorithm, {
      ...{ ...training, stage, checkpoints: checkpoints(number), keepsState: true },
      config: { ...config, seed: seedOf(config.seed, number) },
    });
    if (trained.stopped === "aborted") throw interruptedError({ found: "training was stopped" });
    const { bestIteration, bestMetrics, theta } = trained;
    const found = bestMetrics === null ? "" : `, validation MRR ${bestMetrics.mrr.toFixed(4)}`;
    progress({ type: "done", stage, text: `${algorithmTitle(algorithm)}, best at epoch ${bestIteration}${found}` });
    thetas.push(theta);
  }
  return { engine, rules: supportRules(algorithm, config.metasgd_config), thetas };
}

/** The seed of a network of the ensemble: 32 random bits of the run's seed. */
function seedOf(seed: number, number: number): number {
  return randomStream(seed, `hybrid/network ${number}`).next() >>> 0;
}
