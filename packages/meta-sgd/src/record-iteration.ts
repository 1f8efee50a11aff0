import type { CompleteMetaTrainingOptions } from "./meta-training-options.js";
import type { MetaTrainingState } from "./meta-training-state.js";

/** Counts an iteration whose updates were made, and reports it. @param start its start, by the options' clock */
export function recordIteration<M>(
  { now, onIteration }: CompleteMetaTrainingOptions<M>,
  state: MetaTrainingState<M>,
  taskLosses: readonly number[],
  start: number,
): void {
  const metaLoss = taskLosses.reduce((sum, loss) => sum + loss, 0) / taskLosses.length;
  state.iteration += 1;
  state.pending.lossSum += metaLoss;
  state.pending.seconds += (now?.() ?? 0) - start;
  state.pending.iterations += 1;
  onIteration?.({ iteration: state.iteration, metaLoss });
}
