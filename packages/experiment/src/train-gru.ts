import type { Batch, DataSet, Engine, ParameterVector } from "@kshot/contract";
import type { Config } from "@kshot/contract/schemas";
import { pairBatches, pairsAt } from "@kshot/episodes";
import { type GruConfig, initialParameters } from "@kshot/gru-layout";
import { trainSupervised } from "@kshot/meta-sgd";
import { overallMetrics } from "@kshot/metrics";
import { rankEverybody } from "./evaluate-network.js";
import type { Progress } from "./progress.js";
import { randomStream } from "./random.js";
import type { TrainedNetwork } from "./trained-network.js";

/**
 * The plain GRU: minibatch Adam on train pairs, early stopping on zero-shot validation MRR in the `first` window
 * (what the notebook took from its predecessor, notebook 06, as a constant).
 */
export async function trainPlainGru(options: {
  engine: Engine;
  shape: GruConfig;
  config: Config;
  data: DataSet;
  progress: Progress;
  seconds: () => number;
  signal?: AbortSignal;
}): Promise<TrainedNetwork> {
  const { engine, config, data, progress } = options;
  const stage = "Plain GRU";
  const { learning_rate, batch_size, max_epochs, patience, pairs: which } = config.gru_training;
  const rows = which === "all" ? allRows(data) : episodeRows(data);
  const shuffle = randomStream(config.seed, "gru/batches");
  const theta = initialParameters(options.shape, randomStream(config.seed, "initial"));
  const noRates: ParameterVector = engine.vector();
  const stepsPerEpoch = Math.ceil(rows.length / batch_size);
  progress({ type: "stage", stage, total: stepsPerEpoch * max_epochs, unit: "step" });

  const result = await trainSupervised({
    engine,
    theta,
    epochBatches: function* (): Iterable<Batch> {
      for (const batch of pairBatches(rows, batch_size, shuffle)) yield engine.batch(pairsAt(data.train.pairs, batch));
    },
    learningRate: learning_rate,
    maxEpochs: max_epochs,
    patience,
    now: options.seconds,
    validate: async (candidate) => {
      const [ranked] = await rankEverybody({
        engine,
        theta: candidate,
        alpha: noRates,
        pairs: data.val.pairs,
        episodes: data.val.windows.first,
        k: data.k,
        steps: [0],
      });
      const metrics = overallMetrics(ranked!.queries, data.items.length);
      return { score: metrics.mrr, metrics };
    },
    onStep: ({ step, loss }) => progress({ type: "step", stage, done: step, figures: { loss } }),
    onEpoch: ({ epoch, score, loss }) =>
      progress({ type: "step", stage, done: epoch * stepsPerEpoch, figures: { epoch, loss, "val MRR": score } }),
    ...(options.signal ? { signal: options.signal } : {}),
  });
  return {
    algorithm: "gru",
    theta: result.best.theta,
    alpha: null,
    bestIteration: result.best.epoch,
    bestMetrics: result.best.metrics,
    iterations: result.iterations,
    stopped: result.stopped,
    history: result.history,
    secondsPerIteration: result.secondsPerIteration,
  };
}

function allRows(data: DataSet): Int32Array {
  return Int32Array.from({ length: data.train.pairs.length }, (_, row) => row);
}

/** Pairs of the people who have an episode: what the meta-learners see. */
function episodeRows(data: DataSet): Int32Array {
  const { pairs, episodes } = data.train;
  const people = new Set(episodes.user);
  return allRows(data).filter((row) => people.has(pairs.user[row]!));
}
