import { failedError, type MetricName, type ParameterVector } from "@kshot/contract";
import type { CheckpointMetadata } from "@kshot/contract/schemas";
import type { AdamState, MetaTrainingState, SupervisedTrainingState } from "@kshot/meta-sgd";

/** Metrics at one validation, without intervals. */
export type ValidationMetrics = Record<MetricName, number>;

/** The part of a checkpoint's metadata that comes from a training's state. */
export type StateMetadata = Omit<CheckpointMetadata, "format" | "algorithm" | "config" | "items" | "dataFingerprint">;

/** A training's state in a checkpoint: vectors by name, and the rest. */
export type StoredState = readonly [vectors: Readonly<Record<string, ParameterVector>>, metadata: StateMetadata];

/** A meta-training's state, to be stored. */
export function storedMeta(state: MetaTrainingState<ValidationMetrics>): StoredState {
  const { best } = state;
  return [
    {
      theta: state.theta,
      alpha: state.alpha,
      ...moments("theta", state.thetaMoments),
      ...moments("alpha", state.alphaMoments),
      ...(best ? { "best.theta": best.theta, "best.alpha": best.alpha } : {}),
    },
    {
      iteration: state.iteration,
      adam: { theta: state.thetaMoments.step, alpha: state.alphaMoments.step },
      best: best && { iteration: best.iteration, score: best.score, metrics: best.metrics },
      evaluatedAt: state.evaluatedAt,
      evaluationsWithoutBetter: state.evaluationsWithoutBetter,
      history: state.history,
      secondsPerIteration: state.secondsPerIteration,
      pending: state.pending,
    },
  ];
}

/** A meta-training's state, as it was stored. */
export function metaStateFrom([vectors, stored]: StoredState): MetaTrainingState<ValidationMetrics> {
  return {
    iteration: stored.iteration,
    theta: vectorOf(vectors, "theta"),
    alpha: vectorOf(vectors, "alpha"),
    thetaMoments: momentsFrom("theta", vectors, stored.adam.theta),
    alphaMoments: momentsFrom("alpha", vectors, stored.adam.alpha ?? 0),
    best: stored.best && {
      ...stored.best,
      theta: vectorOf(vectors, "best.theta"),
      alpha: vectorOf(vectors, "best.alpha"),
    },
    evaluatedAt: stored.evaluatedAt,
    evaluationsWithoutBetter: stored.evaluationsWithoutBetter,
    history: stored.history,
    secondsPerIteration: stored.secondsPerIteration,
    pending: stored.pending,
  };
}

/** The plain GRU's training, to be stored. */
export function storedSupervised(state: SupervisedTrainingState<ValidationMetrics>): StoredState {
  const { best } = state;
  return [
    { theta: state.theta, ...moments("theta", state.moments), ...(best ? { "best.theta": best.theta } : {}) },
    {
      iteration: state.step,
      epoch: state.epoch,
      stepInEpoch: state.stepInEpoch,
      adam: { theta: state.moments.step },
      best: best && { iteration: best.iteration, epoch: best.epoch, score: best.score, metrics: best.metrics },
      evaluatedAt: state.evaluatedEpoch,
      evaluationsWithoutBetter: state.epochsWithoutBetter,
      ...(state.rateDrops === 0 ? {} : { rateDrops: state.rateDrops }),
      history: state.history,
      secondsPerIteration: state.secondsPerIteration,
      pending: state.pending,
    },
  ];
}

/** The plain GRU's training, as it was stored. */
export function supervisedStateFrom([vectors, stored]: StoredState): SupervisedTrainingState<ValidationMetrics> {
  const { best } = stored;
  return {
    epoch: stored.epoch ?? 0,
    stepInEpoch: stored.stepInEpoch ?? 0,
    step: stored.iteration,
    theta: vectorOf(vectors, "theta"),
    moments: momentsFrom("theta", vectors, stored.adam.theta),
    best: best && { ...best, epoch: best.epoch ?? 0, theta: vectorOf(vectors, "best.theta") },
    evaluatedEpoch: stored.evaluatedAt,
    epochsWithoutBetter: stored.evaluationsWithoutBetter,
    rateDrops: stored.rateDrops ?? 0,
    history: stored.history,
    secondsPerIteration: stored.secondsPerIteration,
    pending: stored.pending,
  };
}

function moments(name: string, { firstMoment, secondMoment }: AdamState): Record<string, ParameterVector> {
  return { [`${name}.firstMoment`]: firstMoment, [`${name}.secondMoment`]: secondMoment };
}

/** A vector of a stored state. @throws `FAILED` without it: `readStoredVectors` has checked the file */
function vectorOf(vectors: StoredState[0], name: string): ParameterVector {
  const vector = vectors[name];
  if (vector === undefined) throw failedError({ found: `a stored training without ${name}` });
  return vector;
}

function momentsFrom(name: string, vectors: StoredState[0], step: number): AdamState {
  return {
    step,
    firstMoment: Float64Array.from(vectorOf(vectors, `${name}.firstMoment`)),
    secondMoment: Float64Array.from(vectorOf(vectors, `${name}.secondMoment`)),
  };
}
