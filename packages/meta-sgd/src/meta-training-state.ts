import { type ParameterVector, usageError } from "@kshot/contract";
import { type AdamState, adam, copyMoments } from "./adam.js";
import { copyVector, type DifferentiableEngine } from "./differentiable-engine.js";
import { requireLength } from "./require-argument.js";
import { copyHistory, emptyHistory, type PendingLog, type TrainingHistory } from "./training-history.js";

/** The parameters that validated best; replaced as a whole, never written to. */
export interface MetaBest<M> {
  readonly iteration: number;
  /** Validation score; the higher the better. */
  readonly score: number;
  readonly metrics: M;
  readonly theta: ParameterVector;
  readonly alpha: ParameterVector;
}

/**
 * All that meta-training carries from one iteration to the next: numbers, typed arrays, lists and plain objects, so that it can
 * be stored. Going on from a stored state gives the bits of a run that never stopped, if `tasks` gives the same tasks.
 */
export interface MetaTrainingState<M> {
  /** Outer iterations made. */
  iteration: number;
  readonly theta: ParameterVector;
  readonly alpha: ParameterVector;
  readonly thetaMoments: AdamState;
  /** Stays at zero where the algorithm does not learn rates. */
  readonly alphaMoments: AdamState;
  best: MetaBest<M> | null;
  /** Iteration of the last validation; −1 before the first. */
  evaluatedAt: number;
  /** Validations since the best one. */
  evaluationsWithoutBetter: number;
  readonly history: TrainingHistory<M>;
  /** Parallel to `history.iteration` where a clock is given; the one part that differs between equal runs. */
  readonly secondsPerIteration: number[];
  readonly pending: PendingLog;
}

/** The state before the first iteration, from copies of θ and α. Throws `USAGE` if their lengths differ. */
export function startMetaTraining(theta: ParameterVector, alpha: ParameterVector): MetaTrainingState<never> {
  if (theta.length !== alpha.length) {
    throw usageError({
      where: "alpha",
      found: `${alpha.length} rates`,
      expected: `${theta.length}, one per parameter`,
    });
  }
  return {
    iteration: 0,
    theta: theta.slice(),
    alpha: alpha.slice(),
    thetaMoments: adam().init(theta.length),
    alphaMoments: adam().init(alpha.length),
    best: null,
    evaluatedAt: -1,
    evaluationsWithoutBetter: 0,
    history: emptyHistory(),
    secondsPerIteration: [],
    pending: { lossSum: 0, seconds: 0, iterations: 0 },
  };
}

/** A copy to train on, its parameters where the engine wants them; the original stays as it is. */
export function stateForEngine<M>(engine: DifferentiableEngine, state: MetaTrainingState<M>): MetaTrainingState<M> {
  requireLength("theta", state.theta, engine.layout);
  requireLength("alpha", state.alpha, engine.layout);
  return {
    ...state,
    theta: copyVector(engine, state.theta),
    alpha: copyVector(engine, state.alpha),
    thetaMoments: copyMoments(state.thetaMoments),
    alphaMoments: copyMoments(state.alphaMoments),
    history: copyHistory(state.history),
    secondsPerIteration: [...state.secondsPerIteration],
    pending: { ...state.pending },
  };
}
