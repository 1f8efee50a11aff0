import type { MetaGradientOptions } from "./meta-gradient.js";
import type { Task } from "./tasks.js";
import type { ParameterVector } from "./vector.js";

/** The groups begin … end − 1 of a meta-batch. */
export interface GroupRange {
  readonly begin: number;
  readonly end: number;
}

/** Sums of a meta-batch's gradients, one per group of tasks. */
export interface GroupSums {
  /** Query loss after the inner steps, per task of the groups. */
  readonly taskLosses: readonly number[];
  /** Per group: the sum over its tasks of the gradient with respect to θ, `[layout.size]`. */
  readonly dTheta: readonly ParameterVector[];
  /** Per group: the sum over its tasks of the gradient with respect to α, `[layout.size]`. */
  readonly dAlpha: readonly ParameterVector[];
}

/** Options of group sums: those of a meta-gradient; `spare` is an earlier result that may be overwritten. */
export interface GroupSumOptions extends Omit<MetaGradientOptions, "spare"> {
  readonly spare?: Pick<GroupSums, "dTheta" | "dAlpha">;
}

/**
 * The sums that an engine's meta-gradient consists of, so that several machines can share one: tasks are summed in groups of fixed
 * size, and the groups in order.
 *
 *     sum ← 0;  for g = 0, 1, …: sum ← sum + s_g, rounded to float32;  dθ = sum / tasks
 *
 * gives the bits of `metaGradient`, also if the groups are computed by different processes with the same build.
 */
export interface TaskGroups {
  /** Tasks of one group; the last group of a meta-batch may have fewer. */
  readonly size: number;

  /**
   * Sums over the tasks of the groups in `range`.
   *
   * @param tasks the whole meta-batch; only the tasks of these groups are computed
   * @throws as `metaGradient`; `USAGE` for a range outside the meta-batch
   */
  sums(
    theta: ParameterVector,
    alpha: ParameterVector,
    tasks: readonly Task[],
    range: GroupRange,
    options: GroupSumOptions,
  ): Promise<GroupSums>;
}
