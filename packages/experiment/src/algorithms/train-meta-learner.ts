import { algorithmTitle } from "@kshot/comparison";
import type { ParameterVector } from "@kshot/contract";
import { initialParameters } from "@kshot/gru-layout";
import {
  adaptingTensors,
  appendEntry,
  copyHistory,
  fillInitialRates,
  type MetaAlgorithmName,
  metaAlgorithms,
  startMetaTraining,
  trainMeta,
} from "@kshot/meta-sgd";
import { overallMetrics, randomStream } from "@kshot/metrics";
import {
  everyoneTrains,
  isConvincing,
  networkScorer,
  personalMrr,
  type RankedPeople,
  rankedValidationPeople,
  supportRules,
} from "../evaluation/index.js";
import { adaptingGroup, head } from "./adapting-groups.js";
import { fallingValidation, pinnedRates, watchLosses } from "./divergence.js";
import { loopSettings } from "./loop-settings.js";
import { metaBatchTasks } from "./meta-batch-tasks.js";
import type { NetworkTraining, TrainedNetwork } from "./network-training.js";
import { isShared, withMetaGradient } from "./training-ranks.js";
import { metaStateFrom, storedMeta, type ValidationMetrics } from "./training-state.js";

/** The start of meta-training; if omitted, random parameters and the configuration's rates. */
export interface MetaStart {
  readonly theta?: ParameterVector;
  readonly alpha?: ParameterVector;
  /** Whether the start itself can be the best: then only a significant gain replaces it. */
  readonly keepStart?: boolean;
}

/**
 * Meta-training: meta-batches of people, one episode each; exact second order by default; best iteration by few-shot validation
 * MRR in the `first` window.
 */
export async function trainMetaLearner(
  name: MetaAlgorithmName,
  options: NetworkTraining,
  from: MetaStart = {},
): Promise<TrainedNetwork> {
  const { engine, config, data, progress, checkpoints } = options;
  const settings = config.metasgd_config;
  const stage = algorithmTitle(name);
  const rules = supportRules(name, settings);
  const stored = await checkpoints.latest();
  const initial = stored ? metaStateFrom(stored) : freshState(name, options, from);
  progress({ type: "stage", stage, total: settings.num_meta_iterations, unit: "iteration" });
  if (initial.iteration > 0)
    progress({ type: "note", text: `${stage} continues from iteration ${initial.iteration}.` });

  let validation = Number.NaN;
  const validated = async (theta: ParameterVector, alpha: ParameterVector): Promise<RankedPeople> => {
    const scorer = networkScorer({ engine, theta, alpha, rules });
    return rankedValidationPeople(scorer, data, rules.innerSteps);
  };
  const { theta, alpha, keepStart = false } = from;
  const mrrAtStart = keepStart && theta && alpha ? personalMrr(await validated(theta, alpha), data.items.length) : null;
  const [course, seconds] = [copyHistory(initial.history), [...initial.secondsPerIteration]];
  const looks = Math.ceil(settings.num_meta_iterations / settings.eval_interval);
  const validate = async (candidate: ParameterVector, rates: ParameterVector, iteration: number) => {
    const ranked = await validated(candidate, rates);
    const metrics = overallMetrics(ranked.queries, data.items.length);
    validation = metrics.mrr;
    course.validation.push({ iteration, metrics });
    const { num_meta_iterations: total } = settings;
    await options.onValidation?.({ history: course, secondsPerIteration: seconds, done: iteration, total });
    const doubtful =
      mrrAtStart !== null &&
      iteration > 0 &&
      !isConvincing(personalMrr(ranked, data.items.length), mrrAtStart, { looks, seed: config.seed });
    return { score: doubtful ? -1 : metrics.mrr, metrics };
  };
  let rates: Readonly<Record<string, number>> = {};
  const watch = watchLosses(name, Math.log(data.items.length), progress);
  const ranks = isShared(name) ? options.ranks : undefined;
  const shared = await ranks?.begin({ algorithm: name, config, state: storedMeta(initial) }, engine);
  const result = await trainMeta<ValidationMetrics>({
    engine: shared === undefined ? engine : withMetaGradient(engine, shared),
    algorithm: metaAlgorithms[name],
    initial,
    tasks: metaBatchTasks(name, options),
    ...loopSettings(config, engine.layout),
    now: options.seconds,
    ...(options.signal ? { signal: options.signal } : {}),
    ...(keepStart ? { keepStart } : {}),
    ...(everyoneTrains(data) ? {} : { validate }),
    onIteration: ({ iteration, metaLoss }) => {
      watch(metaLoss);
      progress({
        type: "step",
        stage,
        done: iteration,
        figures: { "meta-loss": metaLoss, "val MRR": validation, ...rates },
      });
    },
    // Mean, standard deviation, least and greatest of all rates at the last entry of the history (notebook cell 07c-08).
    onLog: (entry) => {
      appendEntry(course, seconds, entry);
      const { allRates: all } = entry;
      if (all && metaAlgorithms[name].learnsRates)
        rates = { "α mean": all.mean, "α std": all.std, "α min": all.min, "α max": all.max };
    },
    checkpointDue: () => checkpoints.due(),
    onCheckpoint: (state) => {
      const isNumbered = state.iteration % settings.checkpoint_interval === 0;
      return checkpoints.save(isNumbered ? state.iteration : null, storedMeta(state));
    },
  });
  await ranks?.end();
  if (result.stopped === "aborted") await checkpoints.save(null, storedMeta(result.state));
  const { best, iterations, stopped, history, secondsPerIteration } = result;
  if (stopped !== "aborted") {
    const row = metaAlgorithms[name];
    const adapting = adaptingTensors(engine.layout, row, head, adaptingGroup(engine.layout, settings.adapts));
    const pinned = row.learnsRates ? pinnedRates(best.alpha, settings.alpha_range, adapting) : undefined;
    for (const text of [pinned, fallingValidation(history.validation)]) {
      if (text !== undefined) progress({ type: "note", text: `${stage}: ${text}.` });
    }
  }
  return {
    algorithm: name,
    theta: best.theta,
    alpha: best.alpha,
    bestIteration: best.iteration,
    bestMetrics: best.metrics,
    ...{ iterations, stopped, history, secondsPerIteration },
  };
}

function freshState(name: MetaAlgorithmName, { engine, shape, config }: NetworkTraining, from: MetaStart) {
  const { inner_lr_init, alpha_init_range, alpha_sharing, adapts } = config.metasgd_config;
  const theta = from.theta ?? initialParameters(shape, randomStream(config.seed, "initial"));
  if (from.alpha) return startMetaTraining(theta, from.alpha);
  const alpha = engine.vector();
  const adapting = adaptingTensors(engine.layout, metaAlgorithms[name], head, adaptingGroup(engine.layout, adapts));
  const rates =
    alpha_init_range === null
      ? inner_lr_init
      : { range: alpha_init_range, random: randomStream(config.seed, `${name}/initial rates`) };
  fillInitialRates(alpha, adapting, rates, alpha_sharing);
  return startMetaTraining(theta, alpha);
}
