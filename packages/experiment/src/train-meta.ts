import type { DataSet, Engine, ParameterVector, Task } from "@kshot/contract";
import type { Config } from "@kshot/contract/schemas";
import { episodeQuery, episodeSampler, episodeSupport } from "@kshot/episodes";
import { type GruConfig, initialParameters } from "@kshot/gru-layout";
import { maml, metaSgd, startMetaTraining, trainMeta } from "@kshot/meta-sgd";
import { overallMetrics } from "@kshot/metrics";
import { rankEverybody } from "./evaluate-network.js";
import type { Progress } from "./progress.js";
import { randomStream } from "./random.js";
import type { TrainedNetwork } from "./trained-network.js";

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
  signal?: AbortSignal;
}): Promise<TrainedNetwork> {
  const { name, engine, config, data, progress } = options;
  const settings = config.metasgd_config;
  const stage = metaTitles[name];
  const sample = episodeSampler({
    episodes: data.train.episodes,
    random: randomStream(config.seed, `${name}/episodes`),
    batch: settings.meta_batch_size,
    mode: settings.episodes,
  });
  const theta = options.start ?? initialParameters(options.shape, randomStream(config.seed, "initial"));
  const alpha = engine.vector().fill(settings.inner_lr_init);
  progress({ type: "stage", stage, total: settings.num_meta_iterations, unit: "iteration" });

  let validation = Number.NaN;
  const result = await trainMeta({
    engine,
    algorithm: metaAlgorithms[name],
    initial: startMetaTraining(theta, alpha),
    tasks: (): Task[] =>
      Array.from(sample(), (episode) =>
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
    ...(options.signal ? { signal: options.signal } : {}),
  });
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
