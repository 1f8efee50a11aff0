import { algorithmTitle } from "@kshot/comparison";
import type { DataSet, Engine } from "@kshot/contract";
import { metaAlgorithms, trainMeta } from "@kshot/meta-sgd";
import type { Progress } from "../progress.js";
import { loopSettings } from "./loop-settings.js";
import { metaBatchTasks } from "./meta-batch-tasks.js";
import { type MetaGradientFunction, type SharedTraining, withMetaGradient } from "./training-ranks.js";
import { metaStateFrom, type ValidationMetrics } from "./training-state.js";

/**
 * Makes the iterations of a meta-training that another process leads: the same meta-batches, the same updates. Nothing is validated or
 * written.
 *
 * @param metaGradient the shared meta-gradient; it rejects when the leader ends the training early
 */
export async function followMetaTraining(
  { algorithm, config, state }: SharedTraining,
  options: {
    readonly engine: Engine;
    readonly data: DataSet;
    readonly metaGradient: MetaGradientFunction;
    readonly progress: Progress;
    readonly seconds: () => number;
  },
): Promise<void> {
  const { engine, data, metaGradient, progress, seconds } = options;
  const stage = algorithmTitle(algorithm);
  progress({ type: "stage", stage, total: config.metasgd_config.num_meta_iterations, unit: "iteration" });
  await trainMeta<ValidationMetrics>({
    ...loopSettings(config, engine.layout),
    now: seconds,
    engine: withMetaGradient(engine, metaGradient),
    algorithm: metaAlgorithms[algorithm],
    initial: metaStateFrom(state),
    tasks: metaBatchTasks(algorithm, { engine, config, data }),
    // The leader decides on an early end.
    patience: 0,
    onIteration: ({ iteration, metaLoss }) =>
      progress({ type: "step", stage, done: iteration, figures: { "meta-loss": metaLoss } }),
  });
}
