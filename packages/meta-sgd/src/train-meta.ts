import { failedError, type ParameterVector, type Task } from "@kshot/contract";
import { adam } from "./adam.js";
import type { MetaAlgorithm } from "./algorithms/meta-algorithm.js";
import { clampRates } from "./clamp-rates.js";
import { copyVector } from "./copy-vector.js";
import type { DifferentiableEngine } from "./differentiable-engine.js";
import { metaGradient } from "./meta-gradient.js";
import { type MetaBest, type MetaTrainingState, stateForEngine } from "./meta-training-state.js";
import { rateDistributions } from "./rate-distribution.js";
import { requireInteger, requirePositive, requireRange } from "./require-argument.js";
import { requireFiniteTraining } from "./require-finite.js";
import { appendEntry, copyHistory, type TrainingHistory, type TrainingLogEntry } from "./training-history.js";

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
  /** The meta-batch of an iteration, counted from 0. Going on from a state is exact if it depends on this number alone. */
  readonly tasks: (iteration: number) => readonly Task[];
  /** Iterations in all, those already made included. */
  readonly iterations: number;
  /** Adam's rate for θ and α, > 0. */
  readonly outerRate: number;
  /** α is kept in [low, high] if it is learned. */
  readonly alphaRange: readonly [low: number, high: number];
  readonly innerSteps: number;
  /** 2: exact; 1: without Hessian-vector products. */
  readonly order: 1 | 2;
  /** Iterations between two validations. */
  readonly evalInterval: number;
  readonly validate?: (theta: ParameterVector, alpha: ParameterVector, iteration: number) => Promise<Validation<M>>;
  /** Validations without a better score before training stops; 0: never. */
  readonly patience: number;
  /** Iterations between two entries of the history. */
  readonly logInterval: number;
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

/**
 * Meta-training: for each iteration the mean meta-gradient over a meta-batch, Adam on θ and, if learned, on α, then α clamped.
 *
 * Validates at iteration 0, each `evalInterval` and the end; the highest score after 0 is kept (the earlier of equals): iteration 0
 * is where the curve begins, not a trained model.
 * Throws `USAGE` for options out of range, `FAILED` (naming the iteration) for NaN or ∞ in a loss, gradient or score; the
 * parameters are not updated then. Li et al. 2017, algorithm 1; Finn et al. 2017, algorithm 2; notebook cell 07c-08.
 */
export async function trainMeta<M>(options: MetaTrainingOptions<M>): Promise<MetaTrainingResult<M>> {
  checkOptions(options);
  const { engine, iterations, evalInterval, logInterval, patience, signal } = options;
  const state = stateForEngine(engine, options.initial);
  let checkpointed = state.iteration;
  const checkpoint = async () => {
    checkpointed = state.iteration;
    await options.onCheckpoint?.(state);
  };
  const stopped = await (async (): Promise<Stopped> => {
    for (;;) {
      if (signal?.aborted) return "aborted";
      if (options.validate && state.iteration % evalInterval === 0 && state.evaluatedAt < state.iteration) {
        recordValidation(state, await validated(options, state));
      }
      const due = isDue(state.iteration, options.checkpointInterval) || options.checkpointDue?.();
      if (due && checkpointed < state.iteration) await checkpoint();
      if (patience > 0 && state.evaluationsWithoutBetter >= patience) return "early";
      if (state.iteration >= iterations) return "finished";
      if (signal?.aborted) return "aborted";
      try {
        await iterate(options, state);
      } catch (error) {
        if (checkpointed < state.iteration) await checkpoint();
        throw error;
      }
      if (state.iteration % logInterval === 0) {
        const entry = logEntry(options, state);
        appendEntry(state.history, state.secondsPerIteration, entry);
        state.pending.lossSum = state.pending.seconds = state.pending.iterations = 0;
        options.onLog?.(entry);
      }
    }
  })();
  return finish(options, state, stopped);
}

async function iterate<M>(options: MetaTrainingOptions<M>, state: MetaTrainingState<M>): Promise<void> {
  const { engine, algorithm, outerRate, innerSteps, order, now } = options;
  const start = now?.() ?? 0;
  const iteration = state.iteration + 1;
  const tasks = options.tasks(state.iteration);
  const gradient = await metaGradient(engine, state.theta, state.alpha, tasks, { innerSteps, order });
  const { taskLosses, dTheta, dAlpha } = gradient;
  const optimised = algorithm.learnsRates ? { dTheta, dAlpha } : { dTheta };
  requireFiniteTraining(`${algorithm.name}, iteration ${iteration}`, taskLosses, optimised);
  const optimiser = adam();
  optimiser.update(state.thetaMoments, state.theta, dTheta, outerRate);
  if (algorithm.learnsRates) {
    optimiser.update(state.alphaMoments, state.alpha, dAlpha, outerRate);
    clampRates(state.alpha, options.alphaRange);
  }
  const metaLoss = taskLosses.reduce((sum, loss) => sum + loss, 0) / taskLosses.length;
  state.iteration = iteration;
  state.pending.lossSum += metaLoss;
  state.pending.seconds += (now?.() ?? 0) - start;
  state.pending.iterations += 1;
  options.onIteration?.({ iteration, metaLoss });
}

async function validated<M>(options: MetaTrainingOptions<M>, state: MetaTrainingState<M>): Promise<Validation<M>> {
  const validation = await options.validate!(state.theta, state.alpha, state.iteration);
  if (Number.isNaN(validation.score)) {
    throw failedError({
      where: `${options.algorithm.name}, validation at iteration ${state.iteration}`,
      found: "score NaN",
      expected: "a number",
    });
  }
  return validation;
}

function recordValidation<M>(state: MetaTrainingState<M>, { score, metrics }: Validation<M>): void {
  const { iteration } = state;
  state.history.validation.push({ iteration, metrics });
  state.evaluatedAt = iteration;
  if (iteration === 0) return;
  if (isBetter(score, state.best)) {
    state.best = { iteration, score, metrics, theta: state.theta.slice(), alpha: state.alpha.slice() };
    state.evaluationsWithoutBetter = 0;
  } else {
    state.evaluationsWithoutBetter += 1;
  }
}

function logEntry<M>(options: MetaTrainingOptions<M>, state: MetaTrainingState<M>): TrainingLogEntry {
  const { lossSum, seconds, iterations } = state.pending;
  return {
    iteration: state.iteration,
    metaLoss: lossSum / iterations,
    alpha: rateDistributions(state.alpha, options.engine.layout),
    secondsPerIteration: options.now ? seconds / iterations : null,
  };
}

/** The result: the state, and beside it what only an end adds. */
async function finish<M>(
  options: MetaTrainingOptions<M>,
  state: MetaTrainingState<M>,
  stopped: Stopped,
): Promise<MetaTrainingResult<M>> {
  const end: MetaTrainingState<M> = {
    ...state,
    history: copyHistory(state.history),
    secondsPerIteration: [...state.secondsPerIteration],
  };
  if (state.pending.iterations > 0) {
    const entry = logEntry(options, state);
    appendEntry(end.history, end.secondsPerIteration, entry);
    options.onLog?.(entry);
  }
  if (stopped === "finished" && options.validate && state.evaluatedAt < state.iteration) {
    recordValidation(end, await validated(options, end));
  }
  const { engine } = options;
  const { iteration, theta, alpha } = end;
  const kept = end.best ?? { iteration, score: null, metrics: null, theta, alpha };
  return {
    best: { ...kept, theta: copyVector(engine, kept.theta), alpha: copyVector(engine, kept.alpha) },
    iterations: iteration,
    stopped,
    history: end.history,
    secondsPerIteration: end.secondsPerIteration,
    state,
  };
}

function isBetter(score: number, best: { readonly score: number } | null): boolean {
  return best === null || score > best.score;
}

function isDue(iteration: number, interval: number | undefined): boolean {
  return interval !== undefined && iteration % interval === 0;
}

function checkOptions<M>(options: MetaTrainingOptions<M>): void {
  requireInteger("iterations", options.iterations, 0);
  requireInteger("innerSteps", options.innerSteps, 0);
  requireInteger("evalInterval", options.evalInterval, 1);
  requireInteger("logInterval", options.logInterval, 1);
  requireInteger("patience", options.patience, 0);
  if (options.checkpointInterval !== undefined) requireInteger("checkpointInterval", options.checkpointInterval, 1);
  requirePositive("outerRate", options.outerRate);
  requireRange("alphaRange", options.alphaRange);
}
