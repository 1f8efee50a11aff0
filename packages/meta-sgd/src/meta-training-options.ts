import { type ParameterVector, type Task, usageError } from "@kshot/contract";
import type { MetaAlgorithm } from "./algorithms/meta-algorithm.js";
import type { DifferentiableEngine } from "./differentiable-engine.js";
import type { MetaBest, MetaTrainingState } from "./meta-training-state.js";
import type { RateSharing } from "./rate-sharing.js";
import { requireInteger, requirePositive, requireRange } from "./require-argument.js";
import type { ScheduleName } from "./schedule.js";
import type { TrainingHistory, TrainingLogEntry } from "./training-history.js";

/** Why training ended: all iterations made, patience lost, or stopped from outside. */
export type Stopped = "finished" | "early" | "aborted";

/** A validation: the score that chooses the best parameters (higher is better), and figures for the history. */
export interface Validation<M> {
  readonly score: number;
  readonly metrics: M;
}

/** What `trainMeta` needs. Vectors and states handed to callbacks are live: read them, copy what you keep. */
export interface MetaTrainingOptions<M> {
  readonly engine: DifferentiableEngine;
  readonly algorithm: MetaAlgorithm;
  /** `startMetaTraining(theta, alpha)`, or a stored state to go on from. It is copied. */
  readonly initial: MetaTrainingState<M>;
  /**
   * The meta-batch of an iteration, counted from 0. Going on from a state is exact if it depends on this number alone. Asked in
   * order, one iteration ahead: while the engine is at work on the batch before.
   */
  readonly tasks: (iteration: number) => readonly Task[];
  /** Iterations in all, those already made included. */
  readonly iterations: number;
  /** Adam's rate for θ, and for α unless `alphaRate` is given; 0 leaves θ as it is. */
  readonly outerRate: number;
  /** Adam's rate for α. */
  readonly alphaRate?: number;
  /** How both rates change over the iterations; left out: not at all. */
  readonly schedule?: ScheduleName;
  /** Names of the output layer's tensors, for algorithms that adapt it alone. */
  readonly head?: readonly string[];
  /** Names of the only tensors that adapt; left out: all that the algorithm adapts. */
  readonly adapting?: readonly string[];
  /** How many parameters share a learned rate; left out: none. */
  readonly rateSharing?: RateSharing;
  /** Each inner gradient is scaled to at most this norm. */
  readonly innerClip?: number;
  /** The outer gradient of θ, and that of α, is scaled to at most this norm. */
  readonly outerClip?: number;
  /** α is kept in [low, high] if it is learned. */
  readonly alphaRange: readonly [low: number, high: number];
  readonly innerSteps: number;
  /** 2: exact; 1: without Hessian-vector products. */
  readonly order: 1 | 2;
  /** Iterations between two validations. */
  readonly evalInterval: number;
  /** Validation metrics at θ and α; called every `evalInterval` iterations. */
  readonly validate?: (theta: ParameterVector, alpha: ParameterVector, iteration: number) => Promise<Validation<M>>;
  /** Validations without a better score before training stops; 0: never. */
  readonly patience: number;
  /** Whether the start, validated at iteration 0, may be kept as the best; left out: no, it is no trained model. */
  readonly keepStart?: boolean;
  /** Iterations between two entries of the history. */
  readonly logInterval: number;
  /** Each `logInterval` iterations, after `onIteration`, perhaps while the engine is at work on the iteration after it. */
  readonly onLog?: (entry: TrainingLogEntry) => void;
  /** After each iteration; counted from 1. */
  readonly onIteration?: (done: { readonly iteration: number; readonly metaLoss: number }) => void;
  readonly checkpointInterval?: number;
  /** Asked after each iteration: whether a checkpoint is due for another reason, as time that went by. */
  readonly checkpointDue?: () => boolean;
  /** Every `checkpointInterval` iterations, when due, and with the last good state before an error over NaN or ∞. Awaited. */
  readonly onCheckpoint?: (state: MetaTrainingState<M>) => void | Promise<void>;
  /** Once aborted, the current iteration is finished and training ends. */
  readonly signal?: AbortSignal;
  /** Seconds of any clock that only goes forward. */
  readonly now?: () => number;
}

/** What meta-training leaves. */
export interface MetaTrainingResult<M> {
  /** The parameters that validated best; the last ones, without score and metrics, if nothing was validated. */
  readonly best:
    | MetaBest<M>
    | (Omit<MetaBest<M>, "score" | "metrics"> & { readonly score: null; readonly metrics: null });
  /** Outer iterations made, those before a resume included. */
  readonly iterations: number;
  readonly stopped: Stopped;
  /** Complete up to the last iteration. */
  readonly history: TrainingHistory<M>;
  /** Parallel to `history.iteration`; empty without a clock. */
  readonly secondsPerIteration: readonly number[];
  /**
   * What a longer run goes on from. It leaves out what only the end of this run added (a last validation or log entry
   * between two intervals), so that going on equals never having stopped.
   */
  readonly state: MetaTrainingState<M>;
}

/** Refuses options out of range. @throws `USAGE` */
export function checkMetaTrainingOptions<M>(options: MetaTrainingOptions<M>): void {
  requireInteger("iterations", options.iterations, 0);
  requireInteger("innerSteps", options.innerSteps, 0);
  requireInteger("evalInterval", options.evalInterval, 1);
  requireInteger("logInterval", options.logInterval, 1);
  requireInteger("patience", options.patience, 0);
  if (options.checkpointInterval !== undefined) requireInteger("checkpointInterval", options.checkpointInterval, 1);
  if (options.outerRate !== 0) requirePositive("outerRate", options.outerRate);
  if (options.alphaRate !== undefined) requirePositive("alphaRate", options.alphaRate);
  if (options.outerClip !== undefined) requirePositive("outerClip", options.outerClip);
  if (options.outerRate === 0 && !(options.algorithm.learnsRates && options.alphaRate)) {
    throw usageError({
      where: "outerRate",
      found: "0 where no rates are learned either",
      expected: "a number above 0, or an algorithm that learns rates and an alphaRate above 0",
    });
  }
  requireRange("alphaRange", options.alphaRange);
}
