import { type ParameterVector, usageError } from "@kshot/contract";
import { type AdamState, adam } from "./adam.js";
import type { DifferentiableEngine } from "./differentiable-engine.js";
import { requireLength } from "./require-argument.js";
import { copyHistory, emptyHistory, type PendingLog, type TrainingHistory } from "./training-history.js";
import { TrainingVector } from "./training-vector.js";

/** The parameters with the best validation score. A better set replaces the object; it is never changed. */
export interface MetaBest<M> {
  readonly iteration: number;
  /** Validation score; higher is better. */
  readonly score: number;
  readonly metrics: M;
  readonly theta: ParameterVector;
  readonly alpha: ParameterVector;
}

/**
 * The complete state of meta-training between two iterations: numbers, typed arrays, lists and plain objects, so that it can be
 * stored. Resuming from a stored state gives the bits of a run without a stop, if `tasks` gives the same tasks.
 */
export interface MetaTrainingState<M> {
  /** Outer iterations made. */
  iteration: number;
  readonly theta: ParameterVector;
  readonly alpha: ParameterVector;
  readonly thetaMoments: AdamState;
  /** Zero if the algorithm does not learn rates. */
  readonly alphaMoments: AdamState;
  best: MetaBest<M> | null;
  /** Iteration of the last validation; −1 before the first. */
  evaluatedAt: number;
  /** Validations since the best one. */
  evaluationsWithoutBetter: number;
  readonly history: TrainingHistory<M>;
  /** Parallel to `history.iteration` if a clock is given; the only part that differs between equal runs. */
  readonly secondsPerIteration: number[];
  readonly pending: PendingLog;
}

/**
 * The state before the first iteration.
 *
 * @param theta starting parameters, copied
 * @param rates starting rates α, copied, `[theta.length]`; or one number for all, default 0.01
 * @throws `USAGE` if their lengths differ.
 */
export function startMetaTraining(
  theta: ParameterVector,
  rates: ParameterVector | number = 0.01,
): MetaTrainingState<never> {
  const alpha = typeof rates === "number" ? theta.slice().fill(rates) : rates;
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

/** θ and α as vectors of the optimiser. */
export interface TrainingVectors {
  readonly theta: TrainingVector;
  readonly alpha: TrainingVector;
}

/** A copy for training, with parameters in the engine's memory, and the vectors for the optimiser. The original does not change. */
export function stateForEngine<M>(
  engine: DifferentiableEngine,
  state: MetaTrainingState<M>,
): readonly [state: MetaTrainingState<M>, vectors: TrainingVectors] {
  requireLength("theta", state.theta, engine.layout);
  requireLength("alpha", state.alpha, engine.layout);
  const theta = TrainingVector.from(engine, state.theta, state.thetaMoments);
  const alpha = TrainingVector.from(engine, state.alpha, state.alphaMoments);
  const copy = {
    ...state,
    theta: theta.parameters,
    alpha: alpha.parameters,
    thetaMoments: theta.moments,
    alphaMoments: alpha.moments,
    history: copyHistory(state.history),
    secondsPerIteration: [...state.secondsPerIteration],
    pending: { ...state.pending },
  };
  return [copy, { theta, alpha }];
}
