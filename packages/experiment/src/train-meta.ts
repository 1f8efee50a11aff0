import type { DataSet, Engine, ParameterVector, Task } from "@kshot/contract";
import type { Config } from "@kshot/contract/schemas";
import { episodeQuery, episodeSampler, episodeSupport } from "@kshot/episodes";
import { type GruConfig, initialParameters } from "@kshot/gru-layout";
import { maml, metaSgd, startMetaTraining, trainMeta } from "@kshot/meta-sgd";
import { overallMetrics } from "@kshot/metrics";
import type { Checkpoints } from "./checkpoints.js";
import { rankEverybody } from "./evaluate-network.js";
import type { Progress } from "./progress.js";
import { randomStream } from "./random.js";
import { metaStateFrom, storedMeta } from "./stored-state.js";
import type { TrainedNetwork, ValidationMetrics } from "./trained-network.js";

/** The meta-learners of the command line, by name. */
export const metaAlgorithms = { "meta-sgd": metaSgd, maml } as const;
export const metaTitles = { "meta-sgd": "Meta-SGD", maml: "MAML" } as const;

/**
 * Meta-training (notebook cell 07c-08): meta-batches of people, one episode each; exact second order unless told otherwise; best
 * iteration by few-shot validation MRR in the `first` window.
 */
export async function trainMetaLearner(options: {
  name: keyof typeof metaAlgorithms;
  engine: Engine;
  shape: GruConfig;
  config: Config;
  data: DataSet;
  /** θ to start from instead of fresh initialisation. */
  start?: ParameterVector;
  progress: Progress;
  seconds: () => number;
  checkpoints: Checkpoints;
  signal?: AbortSignal;
}): Promise<TrainedNetwork> {
  const { name, engine, config, data, progress, checkpoints } = options;
  const settings = config.metasgd_config;
  const stage = metaTitles[name];
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
  const result = await trainMeta<ValidationMetrics>({
    engine,
    algorithm: metaAlgorithms[name],
    initial,
    tasks: (iteration): Task[] =>
      // A stream named after the iteration, so that going on needs no generator's state.
      Array.from(sample(randomStream(config.seed, `${name}/iteration ${iteration}`)), (episode) =>
        engine.task(
          episodeSupport(data.train.pairs, data.train.episodes, episode),
          episodeQuery(data.train.pairs, data.train.episodes, episode),
        ),
      ),
    iterations: settings.num_meta_iterations,
    outerRate: settings.outer_lr,
    alphaRange: settings.lr_clipping,
    innerSteps: settings.num_inner_steps,
    order: settings.order,
    evalInterval: settings.eval_interval,
    patience: settings.patience,
    logInterval: settings.log_interval,
    now: options.seconds,
    validate: async (candidate, rates) => {
      const [ranked] = await rankEverybody({
        engine,
        theta: candidate,
        alpha: rates,
        pairs: data.val.pairs,
        episodes: data.val.windows.first,
        k: data.k,
        steps: [settings.num_inner_steps],
      });
      const metrics = overallMetrics(ranked!.queries, data.items.length);
      validation = metrics.mrr;
      return { score: metrics.mrr, metrics };
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

function freshState({ engine, start, shape, config }: Parameters<typeof trainMetaLearner>[0]) {
  const theta = start ?? initialParameters(shape, randomStream(config.seed, "initial"));
  return startMetaTraining(theta, engine.vector().fill(config.metasgd_config.inner_lr_init));
}
