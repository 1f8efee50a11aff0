import type { DataSet, Engine, Pairs, ParameterVector, Task } from "@kshot/contract";
import type { Config } from "@kshot/contract/schemas";
import { episodeQuery, episodeSampler, episodeSupport, withEarlierContext, withSupportContext } from "@kshot/episodes";
import { type GruConfig, initialParameters } from "@kshot/gru-layout";
import {
  adaptingTensors,
  fillInitialRates,
  type MetaAlgorithmName,
  metaAlgorithms,
  startMetaTraining,
  trainMeta,
} from "@kshot/meta-sgd";
import { overallMetrics } from "@kshot/metrics";
import { algorithmTitle } from "../algorithm-table.js";
import { rankEverybody } from "../evaluation/evaluate-network.js";
import { convincingGain, gainInStandardErrors, personalMrr } from "../evaluation/validation-gain.js";
import type { Progress } from "../progress.js";
import { randomStream } from "../random.js";
import type { Checkpoints } from "../run/checkpoints.js";
import { metaStateFrom, storedMeta } from "../run/stored-state.js";
import { adaptingGroup, head } from "./adapting-groups.js";
import { dropItems } from "./item-dropout.js";
import type { TrainedNetwork, ValidationMetrics } from "./trained-network.js";

/**
 * Meta-training (notebook cell 07c-08): meta-batches of people, one episode each; exact second order unless told otherwise; best
 * iteration by few-shot validation MRR in the `first` window.
 */
export async function trainMetaLearner(options: {
  name: MetaAlgorithmName;
  engine: Engine;
  shape: GruConfig;
  config: Config;
  data: DataSet;
  /** θ to start from instead of fresh initialisation. */
  theta?: ParameterVector;
  /** Rates to start from instead of the configuration's. */
  alpha?: ParameterVector;
  /** Whether the start itself may turn out the best. */
  keepStart?: boolean;
  progress: Progress;
  seconds: () => number;
  checkpoints: Checkpoints;
  signal?: AbortSignal;
}): Promise<TrainedNetwork> {
  const { name, engine, config, data, progress, checkpoints } = options;
  const settings = config.metasgd_config;
  const stage = algorithmTitle(name);
  const algorithm = metaAlgorithms[name];
  const innerClip = settings.inner_clip === null ? {} : { innerClip: settings.inner_clip };
  const sample = episodeSampler({
    episodes: data.train.episodes,
    batch: settings.meta_batch_size,
    mode: settings.episodes,
  });
  const stored = await checkpoints.latest();
  const initial = stored ? metaStateFrom(stored) : freshState(options);
  progress({ type: "stage", stage, total: settings.num_meta_iterations, unit: "iteration" });
  if (initial.iteration > 0) progress({ type: "note", text: `${stage} goes on from iteration ${initial.iteration}.` });

  let validation = Number.NaN;
  const validated = async (theta: ParameterVector, alpha: ParameterVector) => {
    const [ranked] = await rankEverybody({
      engine,
      theta,
      alpha,
      pairs: data.val.pairs,
      episodes: data.val.windows.first,
      k: data.k,
      steps: [settings.num_inner_steps],
      ...innerClip,
      context: settings.context,
    });
    return ranked!;
  };
  const { theta: startTheta, alpha: startAlpha } = options;
  const start =
    options.keepStart && startTheta && startAlpha
      ? personalMrr(await validated(startTheta, startAlpha), data.items.length)
      : null;
  const result = await trainMeta<ValidationMetrics>({
    engine,
    algorithm,
    initial,
    tasks: (iteration): Task[] => {
      // A stream named after the iteration, so that going on needs no generator's state.
      const random = randomStream(config.seed, `${name}/iteration ${iteration}`);
      return Array.from(sample(random), (episode) => {
        const observed = episodeSupport(data.train.pairs, data.train.episodes, episode);
        const asked = episodeQuery(data.train.pairs, data.train.episodes, episode);
        const support = settings.context ? withEarlierContext(observed) : observed;
        const query = settings.context ? withSupportContext(observed, asked) : asked;
        const seen = (pairs: Pairs) => dropItems(pairs, settings.item_dropout, random);
        // Reptile knows no query set: it adapts to all that the episode holds.
        if (algorithm.gradient === "displacement") return engine.task(seen(joined(support, query)), query);
        return engine.task(seen(support), seen(query));
      });
    },
    iterations: settings.num_meta_iterations,
    outerRate: settings.outer_lr,
    ...(settings.alpha_lr === null ? {} : { alphaRate: settings.alpha_lr }),
    schedule: settings.outer_schedule,
    head,
    adapting: adaptingGroup(engine.layout, settings.adapts),
    rateSharing: settings.alpha_sharing,
    ...innerClip,
    ...(settings.outer_clip === null ? {} : { outerClip: settings.outer_clip }),
    alphaRange: settings.lr_clipping,
    innerSteps: settings.num_inner_steps,
    order: settings.order,
    evalInterval: settings.eval_interval,
    patience: settings.patience,
    ...(options.keepStart ? { keepStart: true } : {}),
    logInterval: settings.log_interval,
    now: options.seconds,
    validate: async (candidate, rates, iteration) => {
      const ranked = await validated(candidate, rates);
      const metrics = overallMetrics(ranked.queries, data.items.length);
      validation = metrics.mrr;
      // A start that may be kept gives way only to what is better beyond doubt.
      const doubtful =
        start !== null &&
        iteration > 0 &&
        gainInStandardErrors(personalMrr(ranked, data.items.length), start) < convincingGain;
      return { score: doubtful ? -1 : metrics.mrr, metrics };
    },
    onIteration: ({ iteration, metaLoss }) =>
      progress({ type: "step", stage, done: iteration, figures: { "meta-loss": metaLoss, "val MRR": validation } }),
    checkpointInterval: settings.checkpoint_interval,
    checkpointDue: () => checkpoints.due(),
    onCheckpoint: (state) =>
      checkpoints.save(
        state.iteration % settings.checkpoint_interval === 0 ? state.iteration : null,
        ...storedMeta(state),
      ),
    ...(options.signal ? { signal: options.signal } : {}),
  });
  if (result.stopped === "aborted") await checkpoints.save(null, ...storedMeta(result.state));
  return {
    algorithm: name,
    theta: result.best.theta,
    alpha: result.best.alpha,
    bestIteration: result.best.iteration,
    bestMetrics: result.best.metrics,
    iterations: result.iterations,
    stopped: result.stopped,
    history: result.history,
    secondsPerIteration: result.secondsPerIteration,
  };
}

function freshState({ name, engine, shape, config, ...given }: Parameters<typeof trainMetaLearner>[0]) {
  const { inner_lr_init, alpha_init_range, alpha_sharing, adapts } = config.metasgd_config;
  const theta = given.theta ?? initialParameters(shape, randomStream(config.seed, "initial"));
  if (given.alpha) return startMetaTraining(theta, given.alpha);
  const alpha = engine.vector();
  const adapting = adaptingTensors(engine.layout, metaAlgorithms[name], head, adaptingGroup(engine.layout, adapts));
  const rates =
    alpha_init_range === null
      ? inner_lr_init
      : { range: alpha_init_range, random: randomStream(config.seed, `${name}/initial rates`) };
  fillInitialRates(alpha, adapting, rates, alpha_sharing);
  return startMetaTraining(theta, alpha);
}

function joined(a: Pairs, b: Pairs): Pairs {
  return { sequences: [...a.sequences, ...b.sequences], labels: [...Array.from(a.labels), ...Array.from(b.labels)] };
}
