import type { MetaGradientOptions } from "./meta-gradient.js";
import type { AdamStep } from "./optimiser.js";
import type { Task } from "./tasks.js";
import type { ParameterVector } from "./vector.js";

/** Parameters and Adam's moments of one trained vector, each `[layout.size]`. */
export interface TrainedValues {
  readonly parameters: ParameterVector;
  readonly firstMoment: Float64Array;
  readonly secondMoment: Float64Array;
}

/** θ and α with their moments. */
export interface MetaTrainedValues {
  readonly theta: TrainedValues;
  readonly alpha: TrainedValues;
}

/** Settings of α's update in addition to a step of Adam. */
export interface RateUpdate {
  readonly step: AdamStep;
  /** α is clamped to [low, high] after its step. */
  readonly range: readonly [low: number, high: number];
}

/** One iteration of meta-training: how the meta-gradient is computed, and which vectors are updated. */
export interface ResidentIteration extends Omit<MetaGradientOptions, "spare"> {
  /** Adam's step on θ; if omitted, θ is not changed. */
  readonly theta?: AdamStep;
  /** The update of α; if omitted, α is not changed. */
  readonly alpha?: RateUpdate;
}

/** The result of an iteration for the host. */
export interface ResidentResult {
  /** Query loss after the inner steps, per task. */
  readonly taskLosses: readonly number[];
  /** Whether every loss and every value of the mean gradient was finite. If not, nothing was updated. */
  readonly finite: boolean;
}

/**
 * Meta-training whose θ, α and moments stay in an engine's own memory: per iteration the losses are all that is copied back.
 *
 * Equal to `metaGradient` followed by meta-sgd's `adam` and `clampRates`, except for rounding: an engine may store moments in
 * float32.
 */
export interface ResidentTraining {
  /**
   * Mean meta-gradient over the tasks, then the updates.
   *
   * @throws as `metaGradient` for arguments; the state is unchanged then
   */
  iterate(tasks: readonly Task[], iteration: ResidentIteration): Promise<ResidentResult>;
  /** Copies of the current vectors. */
  read(): Promise<MetaTrainedValues>;
  /** Frees the memory. */
  dispose(): void;
}

/** The start of resident training. */
export interface ResidentStart extends MetaTrainedValues {
  /**
   * The parts of the vectors whose rates are learned: outside of them α's gradient is 0 and α is not clamped. Ascending, without
   * overlap.
   */
  readonly adapting: readonly { readonly offset: number; readonly size: number }[];
}
