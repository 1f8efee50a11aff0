import type { Batch, DataSet, Engine, ParameterVector } from "@kshot/contract";
import type { Config } from "@kshot/contract/schemas";
import { pairBatches, pairsAt, wholeHistories } from "@kshot/episodes";
import { type GruConfig, initialParameters } from "@kshot/gru-layout";
import { startSupervisedTraining, trainSupervised } from "@kshot/meta-sgd";
import { overallMetrics } from "@kshot/metrics";
import { algorithmTitle, type SupervisedName } from "../algorithm-table.js";
import { rankEverybody } from "../evaluation/evaluate-network.js";
import type { Progress } from "../progress.js";
import { randomStream } from "../random.js";
import type { Checkpoints } from "../run/checkpoints.js";
import { storedSupervised, supervisedStateFrom } from "../run/stored-state.js";
import { dropItems } from "./item-dropout.js";
import type { TrainedNetwork, ValidationMetrics } from "./trained-network.js";

/**
 * The plain GRU on the pairs as they are (`gru`), or on whole histories, so that it can be given the support pairs as context
 * (`gru-context`): minibatch Adam on train pairs, early stopping on zero-shot validation MRR in the `first` window
 * (what the notebook took from its predecessor, notebook 06, as a constant).
 */
export async function trainPlainGru(options: {
  name: SupervisedName;
  engine: Engine;
  shape: GruConfig;
  config: Config;
  data: DataSet;
  progress: Progress;
  seconds: () => number;
  checkpoints: Checkpoints;
  signal?: AbortSignal;
}): Promise<TrainedNetwork> {
  const { name, engine, config, data, progress, checkpoints } = options;
  const stage = algorithmTitle(name);
  const context = name === "gru-context";
  const pairs = context ? wholeHistories(data.train.pairs, options.shape.maxSeqLen) : data.train.pairs;
  const { learning_rate, batch_size, max_epochs, patience, item_dropout, pairs: which } = config.gru_training;
  const rows = which === "all" ? allRows(data) : episodeRows(data);
  const stored = await checkpoints.latest();
  const initial = stored
    ? supervisedStateFrom(stored)
    : startSupervisedTraining(initialParameters(options.shape, randomStream(config.seed, "initial")));
  const noRates: ParameterVector = engine.vector();
  const stepsPerEpoch = Math.ceil(rows.length / batch_size);
  progress({ type: "stage", stage, total: stepsPerEpoch * max_epochs, unit: "step" });
  if (initial.step > 0) progress({ type: "note", text: `${stage} goes on from step ${initial.step}.` });

  const result = await trainSupervised<ValidationMetrics>({
    engine,
    initial,
    // Streams are named after what they are for, so that going on needs no generator's state.
    epochBatches: function* (epoch, skip): Iterable<Batch> {
      let step = 0;
      for (const batch of pairBatches(rows, batch_size, randomStream(config.seed, `${name}/epoch ${epoch}`))) {
        if (++step <= skip) continue;
        const random = randomStream(config.seed, `${name}/epoch ${epoch}/step ${step}`);
        yield engine.batch(dropItems(pairsAt(pairs, batch), item_dropout, random));
      }
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
        context,
      });
      const metrics = overallMetrics(ranked!.queries, data.items.length);
      return { score: metrics.mrr, metrics };
    },
    onStep: ({ step, loss }) => progress({ type: "step", stage, done: step, figures: { loss } }),
    onEpoch: ({ epoch, score, loss }) =>
      progress({ type: "step", stage, done: epoch * stepsPerEpoch, figures: { epoch, loss, "val MRR": score } }),
    checkpointDue: () => checkpoints.due(),
    onCheckpoint: async (state) => {
      await checkpoints.save(null, ...storedSupervised(state));
    },
    ...(options.signal ? { signal: options.signal } : {}),
  });
  if (result.stopped === "aborted") await checkpoints.save(null, ...storedSupervised(result.state));
  return {
    algorithm: name,
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
