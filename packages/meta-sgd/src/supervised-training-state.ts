import type { ParameterVector } from "@kshot/contract";
import { type AdamState, adam } from "./adam.js";
import type { DifferentiableEngine } from "./differentiable-engine.js";
import { requireLength } from "./require-argument.js";
import { copyHistory, emptyHistory, type PendingLog, type TrainingHistory } from "./training-history.js";
import { TrainingVector } from "./training-vector.js";

/**
 * All that supervised training carries from one minibatch to the next: numbers, typed arrays, lists and plain objects, so that
 * it can be stored. Going on from a stored state gives the bits of a run that never stopped.
 */
export interface SupervisedTrainingState<M> {
  /** Whole epochs made. */
  epoch: number;
  /** Minibatches made of the epoch that is under way. */
  stepInEpoch: number;
  /** Minibatches made. */
  step: number;
  readonly theta: ParameterVector;
  readonly moments: AdamState;
  /** The parameters that validated best; replaced as a whole, never written to. */
  best: {
    readonly epoch: number;
    readonly iteration: number;
    readonly score: number;
    readonly metrics: M;
    readonly theta: ParameterVector;
  } | null;
  /** Epoch of the last validation; −1 before the first. */
  evaluatedEpoch: number;
  epochsWithoutBetter: number;
  readonly history: TrainingHistory<M>;
  /** Parallel to `history.iteration` where a clock is given; the one part that differs between equal runs. */
  readonly secondsPerIteration: number[];
  readonly pending: PendingLog;
}

/** The state before the first minibatch, from a copy of θ. */
export function startSupervisedTraining(theta: ParameterVector): SupervisedTrainingState<never> {
  return {
    epoch: 0,
    stepInEpoch: 0,
    step: 0,
    theta: theta.slice(),
    moments: adam().init(theta.length),
    best: null,
    evaluatedEpoch: -1,
    epochsWithoutBetter: 0,
    history: emptyHistory(),
    secondsPerIteration: [],
    pending: { lossSum: 0, seconds: 0, iterations: 0 },
  };
}

/** A copy to train on, its parameters where the engine wants them, and those as the optimiser takes them; the original stays as it is. */
export function copyState<M>(
  engine: DifferentiableEngine,
  state: SupervisedTrainingState<M>,
): readonly [state: SupervisedTrainingState<M>, theta: TrainingVector] {
  requireLength("theta", state.theta, engine.layout);
  const theta = TrainingVector.from(engine, state.theta, state.moments);
  const copy = {
    ...state,
    theta: theta.parameters,
    moments: theta.moments,
    history: copyHistory(state.history),
    secondsPerIteration: [...state.secondsPerIteration],
    pending: { ...state.pending },
  };
  return [copy, theta];
}
