import { algorithmTitle, type SupervisedName } from "@kshot/comparison";
import { type DataSet, entryAt, type ParameterVector } from "@kshot/contract";
import { wholeHistories } from "@kshot/episodes";
import { initialParameters } from "@kshot/gru-layout";
import { appendEntry, copyHistory, startSupervisedTraining, trainSupervised } from "@kshot/meta-sgd";
import { overallMetrics, randomStream } from "@kshot/metrics";
import { everyoneTrains, networkScorer, rankedValidationPeople, supportRules } from "../evaluation/index.js";
import { watchLosses } from "./divergence.js";
import { type MinibatchOptions, minibatchesPerEpoch, supervisedMinibatches } from "./minibatches.js";
import type { NetworkTraining, TrainedNetwork } from "./network-training.js";
import { storedSupervised, supervisedStateFrom, type ValidationMetrics } from "./training-state.js";

/** The input of the plain GRU's training. */
export interface SupervisedTraining extends Omit<NetworkTraining, "starts"> {
  /** The title of its progress; if omitted, the algorithm's. */
  readonly stage?: string;
  /** Whether its last state is written even if it is finished, so that a stopped run does not train it again. Default false. */
  readonly keepsState?: boolean;
}

/**
 * Trains the plain GRU on the pairs as they are (`gru`), or on whole histories, so that it can read the support pairs as context
 * (`gru-context`): Adam on minibatches of train pairs, of whole sessions or of histories; early stopping on zero-shot validation
 * MRR in the `first` window.
 */
export async function trainPlainGru(name: SupervisedName, options: SupervisedTraining): Promise<TrainedNetwork> {
  const { engine, config, data, progress, checkpoints, stage = algorithmTitle(name) } = options;
  const rules = supportRules(name, config.metasgd_config);
  const pairs = rules.context ? wholeHistories(data.train.pairs, options.shape.maxSeqLen) : data.train.pairs;
  const { learning_rate, max_epochs, patience, rate_drops, weight_decay, clip } = config.gru_training;
  const rows = config.gru_training.pairs === "all" ? allRows(data) : episodeRows(data);
  const stored = await checkpoints.latest();
  const initial = stored
    ? supervisedStateFrom(stored)
    : startSupervisedTraining(initialParameters(options.shape, randomStream(config.seed, "initial")));
  const minibatches: MinibatchOptions = {
    ...{ engine, shape: options.shape, pairs, rows, name },
    ...{ by: rules.context ? "user" : "session", settings: config.gru_training, seed: config.seed },
  };
  const total = minibatchesPerEpoch(minibatches) * max_epochs;
  progress({ type: "stage", stage, total, unit: "step" });
  if (initial.step > 0) progress({ type: "note", text: `${stage} continues from step ${initial.step}.` });

  const course = copyHistory(initial.history);
  const since = { step: initial.step, losses: 0, sum: 0 };
  const validate = async (theta: ParameterVector) => {
    const ranked = await rankedValidationPeople(networkScorer({ engine, theta, alpha: null, rules }), data, 0);
    const metrics = overallMetrics(ranked.queries, data.items.length);
    const entry = { iteration: since.step, metaLoss: since.sum / since.losses, alpha: {}, secondsPerIteration: null };
    if (since.losses > 0) appendEntry(course, [], entry);
    since.losses = since.sum = 0;
    course.validation.push({ iteration: since.step, metrics });
    await options.onValidation?.({ history: course, secondsPerIteration: [], done: since.step, total });
    return { score: metrics.mrr, metrics };
  };
  const watch = watchLosses(name, Math.log(data.items.length), progress);
  const result = await trainSupervised<ValidationMetrics>({
    engine,
    initial,
    epochBatches: supervisedMinibatches(minibatches),
    learningRate: learning_rate,
    weightDecay: weight_decay,
    ...(clip === null ? {} : { clip }),
    maxEpochs: max_epochs,
    patience,
    rateDrops: rate_drops,
    now: options.seconds,
    ...(everyoneTrains(data) ? {} : { validate }),
    onStep: ({ step, loss }) => {
      since.step = step;
      since.losses += 1;
      since.sum += loss;
      watch(loss);
      progress({ type: "step", stage, done: Math.min(step, total), figures: { loss } });
    },
    onEpoch: ({ epoch, step, score, loss }) =>
      progress({ type: "step", stage, done: Math.min(step, total), figures: { epoch, loss, "val MRR": score } }),
    checkpointDue: () => checkpoints.due(),
    onCheckpoint: (state) => checkpoints.save(null, storedSupervised(state)),
    ...(options.signal ? { signal: options.signal } : {}),
  });
  if (result.stopped === "aborted" || options.keepsState === true) {
    await checkpoints.save(null, storedSupervised(result.state));
  }
  const { best, iterations, stopped, history, secondsPerIteration } = result;
  return {
    algorithm: name,
    theta: best.theta,
    alpha: null,
    bestIteration: best.epoch,
    bestMetrics: best.metrics,
    ...{ iterations, stopped, history, secondsPerIteration },
  };
}

function allRows(data: DataSet): Int32Array {
  return Int32Array.from({ length: data.train.pairs.length }, (_, row) => row);
}

/** Pairs of the people who have an episode: the same people as for the meta-learners. */
function episodeRows(data: DataSet): Int32Array {
  const { pairs, episodes } = data.train;
  const people = new Set(episodes.user);
  return allRows(data).filter((row) => people.has(entryAt(pairs.user, row)));
}
