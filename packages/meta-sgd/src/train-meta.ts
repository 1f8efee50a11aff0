import {
  failedError,
  type MetaGradient,
  type ParameterVector,
  type Task,
  type TensorSpec,
  usageError,
} from "@kshot/contract";
import { adam } from "./adam.js";
import { adaptingTensors, keepOnly } from "./adapting-tensors.js";
import type { MetaAlgorithm } from "./algorithms/meta-algorithm.js";
import { clampRates } from "./clamp-rates.js";
import { clipNorm } from "./clip.js";
import { copyVector } from "./copy-vector.js";
import type { DifferentiableEngine } from "./differentiable-engine.js";
import { displacementGradient } from "./displacement-gradient.js";
import { metaGradient } from "./meta-gradient.js";
import { type MetaBest, type MetaTrainingState, stateForEngine } from "./meta-training-state.js";
import { rateDistributions } from "./rate-distribution.js";
import { type RateSharing, sharedNorm, shareGradient } from "./rate-sharing.js";
import { requireInteger, requirePositive, requireRange } from "./require-argument.js";
import { requireFiniteTraining } from "./require-finite.js";
import { type ScheduleName, scheduleFactor } from "./schedule.js";
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

/**
 * Meta-training: for each iteration the mean meta-gradient over a meta-batch, Adam on θ and, if learned, on α, then α clamped.
 *
 * Validates at iteration 0, each `evalInterval` and the end; the highest score after 0 is kept (the earlier of equals): iteration 0
 * is where the curve begins, not a trained model, unless `keepStart`.
 * Throws `USAGE` for options out of range, `FAILED` (naming the iteration) for NaN or ∞ in a loss, gradient or score; the
 * parameters are not updated then. Li et al. 2017, algorithm 1; Finn et al. 2017, algorithm 2; notebook cell 07c-08.
 */
export async function trainMeta<M>(options: MetaTrainingOptions<M>): Promise<MetaTrainingResult<M>> {
  checkOptions(options);
  const { engine, iterations, evalInterval, logInterval, patience, signal } = options;
  const state = stateForEngine(engine, options.initial);
  const adapting = adaptingTensors(engine.layout, options.algorithm, options.head ?? [], options.adapting);
  // Whatever does not adapt has rate 0, on which no later line touches.
  keepOnly(state.alpha, adapting);
  let checkpointed = state.iteration;
  const checkpoint = async () => {
    checkpointed = state.iteration;
    await options.onCheckpoint?.(state);
  };
  const log = () => {
    if (state.pending.iterations === 0 || state.iteration % logInterval !== 0) return;
    const entry = logEntry(options, state, adapting);
    appendEntry(state.history, state.secondsPerIteration, entry);
    state.pending.lossSum = state.pending.seconds = state.pending.iterations = 0;
    options.onLog?.(entry);
  };
  // An error stops the run; what was reached before it is kept.
  const orCheckpoint = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      log();
      if (checkpointed < state.iteration) await checkpoint();
      throw error;
    }
  };
  const batches = new MetaBatches(options.tasks);
  // What no gradient waits for is done while the engine is at work on one.
  const meanwhile = async () => {
    log();
    if (state.iteration + 1 < iterations && !signal?.aborted) batches.prepare(state.iteration + 1);
  };
  let spare: MetaGradient | undefined;
  const stopped = await (async (): Promise<Stopped> => {
    for (;;) {
      if (signal?.aborted) return "aborted";
      if (options.validate && state.iteration % evalInterval === 0 && state.evaluatedAt < state.iteration) {
        log();
        const found = await orCheckpoint(() => validated(options, state));
        recordValidation(state, found, options.keepStart);
      }
      const due = isDue(state.iteration, options.checkpointInterval) || options.checkpointDue?.();
      if (due && checkpointed < state.iteration) {
        log();
        await checkpoint();
      }
      if (patience > 0 && state.evaluationsWithoutBetter >= patience) return "early";
      if (state.iteration >= iterations) return "finished";
      if (signal?.aborted) return "aborted";
      const earlier = spare;
      spare = await orCheckpoint(() => {
        return iterate(options, state, adapting, batches.take(state.iteration), meanwhile, earlier);
      });
    }
  })();
  log();
  return finish(options, state, stopped, adapting);
}

/** Meta-batches in their order, the next one made ready ahead of its turn. */
class MetaBatches {
  private ready: { readonly iteration: number; readonly tasks: readonly Task[] } | undefined;

  constructor(private readonly make: (iteration: number) => readonly Task[]) {}

  /** What cannot be made is tried again, and fails, when its turn has come. */
  prepare(iteration: number): void {
    try {
      this.ready = { iteration, tasks: this.make(iteration) };
    } catch {
      this.ready = undefined;
    }
  }

  take(iteration: number): readonly Task[] {
    const { ready } = this;
    this.ready = undefined;
    return ready?.iteration === iteration ? ready.tasks : this.make(iteration);
  }
}

async function iterate<M>(
  options: MetaTrainingOptions<M>,
  state: MetaTrainingState<M>,
  adapting: readonly TensorSpec[],
  tasks: readonly Task[],
  meanwhile: () => Promise<void>,
  spare: MetaGradient | undefined,
): Promise<MetaGradient> {
  const { algorithm, now, outerClip } = options;
  const start = now?.() ?? 0;
  const iteration = state.iteration + 1;
  // Both are waited for, whatever happens: nobody may go on while the engine is at work.
  const [computed, prepared] = await Promise.allSettled([outerGradient(options, state, tasks, spare), meanwhile()]);
  if (computed.status === "rejected") throw computed.reason;
  if (prepared.status === "rejected") throw prepared.reason;
  const gradient = computed.value;
  const { taskLosses, dTheta, dAlpha } = gradient;
  const sharing = options.rateSharing ?? "element";
  if (algorithm.learnsRates) {
    keepOnly(dAlpha, adapting);
    shareGradient(dAlpha, adapting, sharing);
  }
  const optimised = algorithm.learnsRates ? { dTheta, dAlpha } : { dTheta };
  requireFiniteTraining(`${algorithm.name}, iteration ${iteration}`, taskLosses, optimised);
  const factor = scheduleFactor(options.schedule ?? "constant", state.iteration, options.iterations);
  const optimiser = adam();
  if (options.outerRate > 0) {
    if (outerClip !== undefined) clipNorm(dTheta, outerClip);
    const before = algorithm.headTerms > 1 ? adapting.map((tensor) => slice(state.theta, tensor)) : [];
    optimiser.update(state.thetaMoments, state.theta, dTheta, options.outerRate * factor);
    adapting.forEach((tensor, i) => {
      if (before[i]) moveFurther(slice(state.theta, tensor, false), before[i], algorithm.headTerms);
    });
  }
  if (algorithm.learnsRates) {
    if (outerClip !== undefined) clipNorm(dAlpha, outerClip, sharedNorm(dAlpha, adapting, sharing));
    optimiser.update(state.alphaMoments, state.alpha, dAlpha, (options.alphaRate ?? options.outerRate) * factor);
    clampRates(state.alpha, options.alphaRange, adapting);
  }
  const metaLoss = taskLosses.reduce((sum, loss) => sum + loss, 0) / taskLosses.length;
  state.iteration = iteration;
  state.pending.lossSum += metaLoss;
  state.pending.seconds += (now?.() ?? 0) - start;
  state.pending.iterations += 1;
  options.onIteration?.({ iteration, metaLoss });
  return gradient;
}

function outerGradient<M>(
  options: MetaTrainingOptions<M>,
  state: MetaTrainingState<M>,
  tasks: readonly Task[],
  spare: MetaGradient | undefined,
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

/** p ← before + terms·(p − before): what that many equal tensors, each stepped alike, sum to. */
function moveFurther(parameters: ParameterVector, before: ParameterVector, terms: number): void {
  for (let i = 0; i < before.length; i++) parameters[i] = before[i]! + terms * (parameters[i]! - before[i]!);
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

function recordValidation<M>(state: MetaTrainingState<M>, { score, metrics }: Validation<M>, keepStart = false): void {
  const { iteration } = state;
  state.history.validation.push({ iteration, metrics });
  state.evaluatedAt = iteration;
  if (iteration === 0 && !keepStart) return;
  if (isBetter(score, state.best)) {
    state.best = { iteration, score, metrics, theta: state.theta.slice(), alpha: state.alpha.slice() };
    state.evaluationsWithoutBetter = 0;
  } else {
    state.evaluationsWithoutBetter += 1;
  }
}

function logEntry<M>(
  options: MetaTrainingOptions<M>,
  state: MetaTrainingState<M>,
  adapting: readonly TensorSpec[],
): TrainingLogEntry {
  const { lossSum, seconds, iterations } = state.pending;
  return {
    iteration: state.iteration,
    metaLoss: lossSum / iterations,
    alpha: rateDistributions(state.alpha, adapting),
    secondsPerIteration: options.now ? seconds / iterations : null,
  };
}

/** The result: the state, and beside it what only an end adds. */
async function finish<M>(
  options: MetaTrainingOptions<M>,
  state: MetaTrainingState<M>,
  stopped: Stopped,
  adapting: readonly TensorSpec[],
): Promise<MetaTrainingResult<M>> {
  const end: MetaTrainingState<M> = {
    ...state,
    history: copyHistory(state.history),
    secondsPerIteration: [...state.secondsPerIteration],
  };
  if (state.pending.iterations > 0) {
    const entry = logEntry(options, state, adapting);
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
