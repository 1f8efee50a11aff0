import type { ParameterVector } from "@kshot/contract";
import { type AdamState, adam } from "./adam.js";
import type { DifferentiableEngine } from "./differentiable-engine.js";
import { requireLength } from "./require-argument.js";
import { copyHistory, emptyHistory, type PendingLog, type TrainingHistory } from "./training-history.js";
import { TrainingVector } from "./training-vector.js";

/**
 * The complete state of supervised training between two minibatches: numbers, typed arrays, lists and plain objects, so that it
 * can be stored. Resuming from a stored state gives the bits of a run without a stop.
 */
export interface SupervisedTrainingState<M> {
  /** Completed epochs. */
  epoch: number;
  /** Completed minibatches of the current epoch. */
  stepInEpoch: number;
  /** Completed minibatches. */
  step: number;
  readonly theta: ParameterVector;
  readonly moments: AdamState;
  /** The parameters with the best validation score. A better set replaces the object; it is never changed. */
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
  /** How often the rate has fallen. */
  rateDrops: number;
  readonly history: TrainingHistory<M>;
  /** Parallel to `history.iteration` if a clock is given; the only part that differs between equal runs. */
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
    rateDrops: 0,
    history: emptyHistory(),
    secondsPerIteration: [],
    pending: { lossSum: 0, seconds: 0, iterations: 0 },
  };
}

/** A copy for training, with parameters in the engine's memory, and the vectors for the optimiser. The original does not change. */
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
