import { openMixture } from "@kshot/baselines";
import { algorithmTitle, type NetworkName } from "@kshot/comparison";
import {
  type Engine,
  type EpisodeTable,
  entryAt,
  failedError,
  interruptedError,
  type Pairs,
  type ParameterVector,
  type Task,
} from "@kshot/contract";
import { episodeQuery, episodeSupport, wholeHistories } from "@kshot/episodes";
import {
  adaptingTensors,
  fillInitialRates,
  metaAlgorithms,
  startMetaTraining,
  startSupervisedTraining,
  trainMeta,
  trainSupervised,
} from "@kshot/meta-sgd";
import type { CountOffsetsSource } from "@kshot/recommend";
import { queryExamples, supportExamples, supportRules } from "../evaluation/index.js";
import { adaptingGroup, head } from "./adapting-groups.js";
import { type CountOffsets, crossFittedOffsets } from "./count-offsets.js";
import { episodeDraws } from "./episode-draws.js";
import { type HybridCandidate, type LearnedHybrid, onCountsTitle } from "./hybrid.js";
import { dropItems } from "./item-dropout.js";
import { loopSettings } from "./loop-settings.js";
import { type MinibatchOptions, minibatchesPerEpoch, supervisedMinibatches } from "./minibatches.js";
import type { FinishedNetwork, NetworkTraining, TrainingCheckpoints } from "./network-training.js";
import { offsetValidation } from "./offset-validation.js";
import {
  metaStateFrom,
  storedMeta,
  storedSupervised,
  supervisedStateFrom,
  type ValidationMetrics,
} from "./training-state.js";

/** Largest number of epochs of the joint training, and epochs without a smaller loss after which it stops. */
const jointEpochs = 20;
const jointPatience = 3;

/** The factor of the learning rate, because the network is trained already. */
const jointRate = 0.2;

/** The same of the meta-training, in iterations and in validations, which are three passes over the people apart, 10 to 25 iterations. */
const metaIterations = 400;
const metaPatience = 4;
const passesBetween = 3;
const [fewestBetween, mostBetween] = [10, 25] as const;

/** Smallest weight of the network at the start: with 0 or less, the output layer would have no or the opposite gradient. */
const leastWeight = 0.1;

/** The input of the trainings on the scores of counts. */
export interface OnCountsOptions
  extends Pick<NetworkTraining, "shape" | "config" | "data" | "progress" | "seconds" | "signal"> {
  readonly engine: Engine;
  /** The run's network of an algorithm, or undefined. */
  readonly trained: (algorithm: NetworkName) => FinishedNetwork | undefined;
  /** The storage of each training's state. */
  readonly checkpoints: { readonly joint: TrainingCheckpoints; readonly meta: TrainingCheckpoints };
}

/**
 * Networks that are trained on the scores of a stack's counting part as fixed offsets: a supervised one and, if the run has trained
 * Meta-SGD, a meta-learned one. Both start from the stack itself: a network of the run, its output layer times the weight that the
 * stack's network has, and offsets by the weights of the counting experts. So the loss at the start is the stack's, and training
 * changes what the two parts together predict wrongly. The supervised one starts from the GRU that reads or does not read the support
 * pairs, as the stack's network does. Meta-SGD starts from the stack's network and its rates if it takes steps, otherwise from the
 * supervised one.
 *
 * @returns nothing if the run has no GRU of that kind
 * @throws `INTERRUPTED` when `signal` fires
 */
export async function trainOnCounts(
  { mixture, network, counting }: LearnedHybrid,
  options: OnCountsOptions,
): Promise<HybridCandidate[]> {
  const { config, data, engine, progress, signal } = options;
  const algorithm = network.rules.context ? "gru-context" : "gru";
  const base = options.trained(algorithm);
  if (base === undefined) return [];
  const at = counting.length;
  if (mixture.experts.length !== at) {
    throw failedError({
      where: `${algorithmTitle("hybrid")}, training on the counts`,
      found: `a stack with ${mixture.experts.length} of ${at} counts`,
      expected: "the stack of all counts",
    });
  }
  const { weights: all, repeats } = mixture.stack;
  const weights = all.filter((_, i) => i !== at);
  const offsets = await crossFittedOffsets(data, {
    ...{ counting, weights, repeats, seed: config.seed, progress, signal },
    stage: `${algorithmTitle("hybrid")}, counts without each person`,
  });
  const names = counting.map(({ name }) => name);
  const source = openMixture("counts", counting, { experts: names, weights, repeats });
  const scaled = (theta: ParameterVector) => scaledOutput(engine, theta, Math.max(leastWeight, all[at] ?? 1));
  const joint = await trainJoint(algorithm, scaled(base.theta), offsets, source, options);
  // A run without Meta-SGD does not pay for one.
  if (options.trained("meta-sgd") === undefined || data.train.episodes.length === 0) return [joint];
  const { alpha } = network;
  const { metasgd_config } = (alpha === null ? undefined : network.config) ?? config;
  const start: MetaStartOnCounts = {
    ...(alpha === null ? { theta: joint.theta } : { theta: scaled(network.theta), alpha }),
    config: { ...config, metasgd_config: { ...metasgd_config, context: network.rules.context, mask: "carry" } },
  };
  const meta = await trainMetaOnCounts(start, offsets, source, options);
  return [joint, { ...meta, offsetWeights: weights }];
}

/** The run's GRU, trained further with the counts' scores as offsets: Adam, early stopping on the loss of the validation people. */
async function trainJoint(
  algorithm: "gru" | "gru-context",
  theta: ParameterVector,
  offsets: CountOffsets,
  source: CountOffsetsSource,
  { engine, shape, config, data, progress, seconds, signal, checkpoints }: OnCountsOptions,
): Promise<HybridCandidate> {
  const stage = `${algorithmTitle("hybrid")}, ${onCountsTitle(algorithm)}`;
  const rules = supportRules(algorithm, config.metasgd_config);
  const settings = config.gru_training;
  const stored = await checkpoints.joint.latest();
  const validated = offsetValidation(data, source);
  const maxEpochs = Math.min(jointEpochs, settings.max_epochs);
  const minibatches: MinibatchOptions = {
    ...{ engine, shape, settings, seed: config.seed, name: "hybrid/joint" },
    pairs: rules.context ? wholeHistories(data.train.pairs, shape.maxSeqLen) : data.train.pairs,
    rows: offsets.rows,
    by: rules.context ? "user" : "session",
    offsets: offsets.ofRows,
  };
  const total = minibatchesPerEpoch(minibatches) * maxEpochs;
  progress({ type: "stage", stage, total, unit: "step" });
  if (stored) progress({ type: "note", text: `${stage} continues from step ${stored[1].iteration}.` });
  const result = await trainSupervised<ValidationMetrics>({
    engine,
    initial: stored ? supervisedStateFrom(stored) : startSupervisedTraining(theta),
    epochBatches: supervisedMinibatches(minibatches),
    learningRate: jointRate * settings.learning_rate,
    weightDecay: settings.weight_decay,
    ...(settings.clip === null ? {} : { clip: settings.clip }),
    maxEpochs,
    patience: jointPatience,
    now: seconds,
    validate: (at) => validated({ engine, alpha: null, rules, steps: 0 }, at),
    onStep: ({ step, loss }) => progress({ type: "step", stage, done: Math.min(step, total), figures: { loss } }),
    onEpoch: ({ epoch, step, score, loss }) =>
      progress({
        ...{ type: "step", stage, done: Math.min(step, total) },
        figures: { epoch, loss, "val loss": -score },
      }),
    checkpointDue: () => checkpoints.joint.due(),
    onCheckpoint: (state) => checkpoints.joint.save(null, storedSupervised(state)),
    ...(signal ? { signal } : {}),
  });
  // Kept until the results are written: a run that is stopped later does not train it again.
  await checkpoints.joint.save(null, storedSupervised(result.state));
  if (result.stopped === "aborted") throw interruptedError({ found: "training was stopped" });
  const { best } = result;
  const looks = result.epochs;
  progress({ type: "done", stage, text: `best at epoch ${best.epoch}${lossInWords(best.score)}` });
  return { algorithm, theta: best.theta, alpha: null, rules, engine, onCounts: true, looks };
}

/** The start of Meta-SGD. */
interface MetaStartOnCounts {
  readonly theta: ParameterVector;
  /** If omitted, the configuration's rates. */
  readonly alpha?: ParameterVector;
  readonly config: NetworkTraining["config"];
}

/** Meta-SGD whose steps on the support pairs and whose meta-loss have the counts' scores as offsets. */
async function trainMetaOnCounts(
  { config, ...start }: MetaStartOnCounts,
  offsets: CountOffsets,
  source: CountOffsetsSource,
  { engine, data, progress, seconds, signal, checkpoints }: OnCountsOptions,
): Promise<HybridCandidate> {
  const stage = `${algorithmTitle("hybrid")}, ${onCountsTitle("meta-sgd")}`;
  const { metasgd_config } = config;
  const { context } = metasgd_config;
  const rules = supportRules("meta-sgd", metasgd_config);
  const stored = await checkpoints.meta.latest();
  const iterations = Math.min(metaIterations, metasgd_config.num_meta_iterations);
  const people = new Set(data.train.episodes.user).size;
  const passes = Math.ceil((passesBetween * people) / metasgd_config.meta_batch_size);
  const evalInterval = Math.max(fewestBetween, Math.min(mostBetween, passes));
  const validated = offsetValidation(data, source);
  progress({ type: "stage", stage, total: iterations, unit: "iteration" });
  if (stored) progress({ type: "note", text: `${stage} continues from iteration ${stored[1].iteration}.` });
  let validation = Number.NaN;
  const result = await trainMeta<ValidationMetrics>({
    engine,
    algorithm: metaAlgorithms["meta-sgd"],
    initial: stored
      ? metaStateFrom(stored)
      : startMetaTraining(start.theta, start.alpha ?? initialRates(engine, config)),
    tasks: tasksOnCounts(offsets, context, { engine, config, data }),
    ...loopSettings(config, engine.layout),
    iterations,
    evalInterval,
    patience: metaPatience,
    now: seconds,
    validate: async (theta, alpha) => {
      const found = await validated({ engine, alpha, rules, steps: rules.innerSteps }, theta);
      validation = -found.score;
      return found;
    },
    onIteration: ({ iteration, metaLoss }) =>
      progress({ type: "step", stage, done: iteration, figures: { "meta-loss": metaLoss, "val loss": validation } }),
    checkpointDue: () => checkpoints.meta.due(),
    onCheckpoint: (state) => checkpoints.meta.save(null, storedMeta(state)),
    ...(signal ? { signal } : {}),
  });
  if (result.stopped === "aborted") {
    await checkpoints.meta.save(null, storedMeta(result.state));
    throw interruptedError({ found: "training was stopped" });
  }
  const { best } = result;
  progress({ type: "done", stage, text: `best at iteration ${best.iteration}${lossInWords(best.score)}` });
  const { theta, alpha } = best;
  const looks = Math.max(1, Math.ceil(result.iterations / evalInterval));
  return { algorithm: "meta-sgd", theta, alpha, rules, engine, config, offsets: source, onCounts: true, looks };
}

/** The meta-batch of each iteration, drawn from the episodes that have offsets. */
function tasksOnCounts(
  offsets: CountOffsets,
  context: boolean,
  { engine, config, data }: Pick<NetworkTraining, "engine" | "config" | "data">,
): (iteration: number) => Task[] {
  const { pairs, episodes } = data.train;
  const drawn = episodeDraws("hybrid/meta", config, {
    train: { pairs, episodes: episodesAt(episodes, offsets.episodes) },
  });
  return (iteration) => {
    const { drawnEpisodes, random } = drawn(iteration);
    const withDropout = (examples: Pairs) => dropItems(examples, config.metasgd_config.item_dropout, random);
    return Array.from(drawnEpisodes, (at) => {
      const episode = entryAt(offsets.episodes, at);
      const own = offsets.ofEpisode(episode);
      const person = {
        support: episodeSupport(pairs, episodes, episode),
        query: episodeQuery(pairs, episodes, episode),
      };
      return {
        support: engine.batch(withDropout(supportExamples(person.support, { context })), { offsets: own.support }),
        query: engine.batch(withDropout(queryExamples(person, { context })), { offsets: own.query }),
      };
    });
  };
}

function initialRates(
  engine: Engine,
  { metasgd_config }: Pick<NetworkTraining["config"], "metasgd_config">,
): ParameterVector {
  const { inner_lr_init, alpha_sharing, adapts } = metasgd_config;
  const alpha = engine.vector();
  const group = adaptingGroup(engine.layout, adapts);
  const adapting = adaptingTensors(engine.layout, metaAlgorithms["meta-sgd"], head, group);
  fillInitialRates(alpha, adapting, inner_lr_init, alpha_sharing);
  return alpha;
}

/** θ with its output layer times a number: the scores are multiplied by it. */
function scaledOutput({ layout }: Engine, theta: ParameterVector, weight: number): ParameterVector {
  const own = theta.slice();
  for (const { name, offset, size } of layout.tensors) {
    if (!head.includes(name)) continue;
    for (let i = offset; i < offset + size; i++) own[i] = weight * entryAt(own, i);
  }
  return own;
}

/** Some rows of an episode table. */
function episodesAt(table: EpisodeTable, chosen: Int32Array): EpisodeTable {
  const { k, q } = table;
  const rowsOf = (column: Int32Array, width: number) =>
    Int32Array.from(Array.from(chosen).flatMap((e) => Array.from(column.subarray(e * width, (e + 1) * width))));
  const timesOf = (column: Float64Array) => Float64Array.from(chosen, (e) => entryAt(column, e));
  return {
    ...{ length: chosen.length, k, q },
    episodeId: chosen.map((e) => entryAt(table.episodeId, e)),
    user: chosen.map((e) => entryAt(table.user, e)),
    support: rowsOf(table.support, k),
    query: rowsOf(table.query, q),
    supportMaxTime: timesOf(table.supportMaxTime),
    queryMinTime: timesOf(table.queryMinTime),
  };
}

function lossInWords(score: number | null): string {
  return score === null ? "" : `, validation loss ${(-score).toFixed(4)}`;
}
