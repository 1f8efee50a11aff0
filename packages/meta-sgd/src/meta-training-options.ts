import { type ParameterVector, type Task, usageError } from "@kshot/contract";
import type { MetaAlgorithm } from "./algorithms/meta-algorithm.js";
import { metaSgd } from "./algorithms/meta-sgd.js";
import type { AlphaSharing } from "./alpha-sharing.js";
import type { DifferentiableEngine } from "./differentiable-engine.js";
import type { MetaBest, MetaTrainingState } from "./meta-training-state.js";
import { requireInteger, requirePositive, requireRange } from "./require-argument.js";
import type { ScheduleName } from "./schedule.js";
import type { TrainingHistory, TrainingLogEntry } from "./training-history.js";

/** Why training ended: all iterations were made, validation did not improve for `patience` evaluations, or the caller aborted. */
export type Stopped = "finished" | "early" | "aborted";

/** A validation: the score that selects the best parameters (higher is better), and metrics for the history. */
export interface Validation<M> {
  readonly score: number;
  readonly metrics: M;
}

/** Options of `trainMeta`. Vectors and states given to callbacks change later: copy what you keep. */
export interface MetaTrainingOptions<M> {
  readonly engine: DifferentiableEngine;
  /** Default `metaSgd`. */
  readonly algorithm?: MetaAlgorithm;
  /** `startMetaTraining(theta, alpha)`, or a stored state to continue from. It is copied. */
  readonly initial: MetaTrainingState<M>;
  /**
   * The meta-batch of an iteration, counted from 0. Resuming is exact if it depends only on this number. Called in
   * order, one iteration ahead, while the engine computes on the previous batch.
   */
  readonly tasks: (iteration: number) => readonly Task[];
  /** Total number of iterations, including those already made. */
  readonly iterations: number;
  /** Adam's rate for θ, and for α unless `alphaLr` is given; with 0, θ is not changed. Default 0.001. */
  readonly outerLr?: number;
  /** Adam's rate for α. */
  readonly alphaLr?: number;
  /** How both rates change over the iterations; if omitted, they are constant. */
  readonly outerSchedule?: ScheduleName;
  /** Names of the output layer's tensors, for algorithms that adapt only this layer. */
  readonly head?: readonly string[];
  /** Names of the only tensors that adapt; if omitted, all that the algorithm adapts. */
  readonly adapting?: readonly string[];
  /** Which parameters share a learned rate; if omitted, none. */
  readonly alphaSharing?: AlphaSharing;
  /** Each inner gradient is scaled to at most this norm. */
  readonly innerClip?: number;
  /** The outer gradient of θ, and that of α, is scaled to at most this norm. */
  readonly outerClip?: number;
  /** α is kept in [low, high] if it is learned. Default [0.0001, 0.1]. */
  readonly alphaRange?: readonly [low: number, high: number];
  /** Steps of the inner loop. Default 5. */
  readonly innerSteps?: number;
  /** 2 (default): exact; 1: without Hessian-vector products. */
  readonly order?: 1 | 2;
  /** Iterations between two validations. Default 500. */
  readonly evalInterval?: number;
  /** Validation metrics at θ and α; called every `evalInterval` iterations. */
  readonly validate?: (theta: ParameterVector, alpha: ParameterVector, iteration: number) => Promise<Validation<M>>;
  /** Validations without a better score before training stops; 0 (default): never. */
  readonly patience?: number;
  /** Whether the initial parameters, validated at iteration 0, can be kept as the best; default: no. */
  readonly keepStart?: boolean;
  /** Iterations between two entries of the history. Default 10. */
  readonly logInterval?: number;
  /** Called every `logInterval` iterations, after `onIteration`, possibly while the engine computes the next iteration. */
  readonly onLog?: (entry: TrainingLogEntry) => void;
  /** After each iteration; counted from 1. */
  readonly onIteration?: (done: { readonly iteration: number; readonly metaLoss: number }) => void;
  readonly checkpointInterval?: number;
  /** Called after each iteration: whether a checkpoint is due for another reason, for example elapsed time. */
  readonly checkpointDue?: () => boolean;
  /** Called every `checkpointInterval` iterations, when due, and with the last good state before an error about NaN or ∞. Awaited. */
  readonly onCheckpoint?: (state: MetaTrainingState<M>) => void | Promise<void>;
  /** When it is aborted, the current iteration is finished and training ends. */
  readonly signal?: AbortSignal;
  /** Seconds of a monotonic clock. */
  readonly now?: () => number;
}

/** Defaults of the options: those of the command line. */
const defaults = {
  algorithm: metaSgd,
  outerLr: 0.001,
  alphaRange: [0.0001, 0.1],
  innerSteps: 5,
  order: 2,
  evalInterval: 500,
  patience: 0,
  logInterval: 10,
} as const satisfies Partial<MetaTrainingOptions<unknown>>;

/** Options with every default filled in. */
export type CompleteMetaTrainingOptions<M> = MetaTrainingOptions<M> &
  Required<Pick<MetaTrainingOptions<M>, keyof typeof defaults>>;

/** Result of meta-training. */
export interface MetaTrainingResult<M> {
  /** The parameters with the best validation; the last ones, without score and metrics, if nothing was validated. */
  readonly best:
    | MetaBest<M>
    | (Omit<MetaBest<M>, "score" | "metrics"> & { readonly score: null; readonly metrics: null });
  /** Number of outer iterations, including those before a resume. */
  readonly iterations: number;
  readonly stopped: Stopped;
  /** Complete up to the last iteration. */
  readonly history: TrainingHistory<M>;
  /** Parallel to `history.iteration`; empty without a clock. */
  readonly secondsPerIteration: readonly number[];
  /**
   * The state from which a longer run continues. It does not contain the additions of this run's end (a last validation or log
   * entry between two intervals), so a resumed run equals a run without a stop.
   */
  readonly state: MetaTrainingState<M>;
}

/** Fills in the defaults. @throws `USAGE` for an option out of range. */
export function completeMetaTrainingOptions<M>(given: MetaTrainingOptions<M>): CompleteMetaTrainingOptions<M> {
  const options = { ...defaults, ...given };
  requireInteger("iterations", options.iterations, 0);
  requireInteger("innerSteps", options.innerSteps, 0);
  requireInteger("evalInterval", options.evalInterval, 1);
  requireInteger("logInterval", options.logInterval, 1);
  requireInteger("patience", options.patience, 0);
  if (options.checkpointInterval !== undefined) requireInteger("checkpointInterval", options.checkpointInterval, 1);
  if (options.outerLr !== 0) requirePositive("outerLr", options.outerLr);
  if (options.alphaLr !== undefined) requirePositive("alphaLr", options.alphaLr);
  if (options.outerClip !== undefined) requirePositive("outerClip", options.outerClip);
  if (options.outerLr === 0 && !(options.algorithm.learnsRates && options.alphaLr)) {
    throw usageError({
      where: "outerLr",
      found: "0, and no rates are learned either",
      expected: "a number above 0, or an algorithm that learns rates and an alphaLr above 0",
    });
  }
  requireRange("alphaRange", options.alphaRange);
  return options;
}
