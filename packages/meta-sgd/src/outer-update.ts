import type { MetaGradient, ParameterVector, Task, TensorSpec } from "@kshot/contract";
import { keepOnly } from "./adapting-tensors.js";
import { sharedNorm, shareGradient } from "./alpha-sharing.js";
import { clipNorm } from "./clip.js";
import { displacementGradient } from "./displacement-gradient.js";
import { metaGradient } from "./meta-gradient.js";
import type { CompleteMetaTrainingOptions } from "./meta-training-options.js";
import type { MetaTrainingState, TrainingVectors } from "./meta-training-state.js";
import { orAborted } from "./or-aborted.js";
import { recordIteration } from "./record-iteration.js";
import { requireFiniteTraining } from "./require-finite.js";
import { scheduleFactor } from "./schedule.js";
import type { TrainingVector } from "./training-vector.js";

/** Vectors of an earlier gradient. */
type Spare = Pick<MetaGradient, "dTheta" | "dAlpha">;

/**
 * One outer iteration: the mean meta-gradient over the tasks, Adam on θ and, if learned, on α, then α clamped to its range.
 *
 * @param state changed in place; unchanged if the gradient is not finite
 * @param vectors θ and α of the state, as vectors of the optimiser
 * @param adapting tensors that the inner loop changes
 * @param meanwhile runs while the engine computes
 * @param spare an earlier result that the engine may overwrite
 * @returns the gradient, to be passed as `spare` to the next iteration; undefined if training was stopped and the iteration was
 * abandoned, which does not change the state
 * @throws `FAILED`, naming the iteration, for NaN or ∞ in a loss or gradient
 */
export async function outerUpdate<M>(
  options: CompleteMetaTrainingOptions<M>,
  state: MetaTrainingState<M>,
  vectors: TrainingVectors,
  adapting: readonly TensorSpec[],
  tasks: readonly Task[],
  meanwhile: () => Promise<void>,
  spare: Spare | undefined,
): Promise<MetaGradient | undefined> {
  const { algorithm, now, outerClip } = options;
  const start = now?.() ?? 0;
  const iteration = state.iteration + 1;
  // Wait for both, also after an error: the state must not change while the engine computes.
  const work = Promise.allSettled([outerGradient(options, state, tasks, spare), meanwhile()]);
  const settled = await orAborted(work, options.signal);
  if (settled === undefined) return undefined;
  const [computed, prepared] = settled[0];
  if (computed.status === "rejected") throw computed.reason;
  if (prepared.status === "rejected") throw prepared.reason;
  const gradient = computed.value;
  const { taskLosses, dTheta, dAlpha } = gradient;
  const sharing = options.alphaSharing ?? "element";
  if (algorithm.learnsRates) {
    keepOnly(dAlpha, adapting);
    shareGradient(dAlpha, adapting, sharing);
  }
  const finite = (vector: TrainingVector, g: ParameterVector) => [g, vector.isFinite(g)] as const;
  requireFiniteTraining(`${algorithm.name}, iteration ${iteration}`, taskLosses, {
    dTheta: finite(vectors.theta, dTheta),
    ...(algorithm.learnsRates && { dAlpha: finite(vectors.alpha, dAlpha) }),
  });
  const factor = scheduleFactor(options.outerSchedule ?? "constant", state.iteration, options.iterations);
  if (options.outerLr > 0) {
    if (outerClip !== undefined) clipNorm(dTheta, outerClip);
    const before = algorithm.headTerms > 1 ? adapting.map((tensor) => slice(state.theta, tensor)) : [];
    await vectors.theta.step(dTheta, options.outerLr * factor);
    adapting.forEach((tensor, i) => {
      if (before[i]) moveFurther(slice(state.theta, tensor, false), before[i], algorithm.headTerms);
    });
  }
  if (algorithm.learnsRates) {
    if (outerClip !== undefined) clipNorm(dAlpha, outerClip, sharedNorm(dAlpha, adapting, sharing));
    await vectors.alpha.step(dAlpha, (options.alphaLr ?? options.outerLr) * factor);
    vectors.alpha.clamp(options.alphaRange, adapting);
  }
  recordIteration(options, state, taskLosses, start);
  return gradient;
}

function outerGradient<M>(
  options: CompleteMetaTrainingOptions<M>,
  state: MetaTrainingState<M>,
  tasks: readonly Task[],
  spare: Spare | undefined,
): Promise<MetaGradient> {
  const { engine, algorithm, innerSteps, innerClip } = options;
  const clip = innerClip === undefined ? {} : { innerClip };
  if (algorithm.gradient === "displacement") {
    return displacementGradient(engine, state.theta, state.alpha, tasks, { innerSteps, ...clip });
  }
  const order = algorithm.gradient === "first-order" ? 1 : options.order;
  return metaGradient(engine, state.theta, state.alpha, tasks, {
    innerSteps,
    order,
    ...clip,
    ...(spare ? { spare } : {}),
  });
}

function slice(vector: ParameterVector, { offset, size }: TensorSpec, copied = true): ParameterVector {
  return copied ? vector.slice(offset, offset + size) : vector.subarray(offset, offset + size);
}

/** p ← before + terms·(p − before): the sum of `terms` equal tensors that each take the same step. */
function moveFurther(parameters: ParameterVector, before: ParameterVector, terms: number): void {
  for (let i = 0; i < before.length; i++) parameters[i] = before[i]! + terms * (parameters[i]! - before[i]!);
}
