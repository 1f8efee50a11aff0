import { type Batch, failedError, type ParameterVector, usageError } from "@kshot/contract";
import { clipNorm } from "./clip.js";
import { copyVector, type DifferentiableEngine } from "./differentiable-engine.js";
import type { Stopped, Validation } from "./meta-training-options.js";
import { orAborted } from "./or-aborted.js";
import { requireInteger, requireLength, requirePositive } from "./require-argument.js";
import { requireFiniteTraining } from "./require-finite.js";
import { copyState, type SupervisedTrainingState } from "./supervised-training-state.js";
import { appendEntry, copyHistory, type TrainingHistory, thinValidation } from "./training-history.js";
import type { TrainingVector } from "./training-vector.js";

/** Options of `trainSupervised`. Vectors given to callbacks change later: copy what you keep. */
export interface SupervisedTrainingOptions<M> {
  readonly engine: DifferentiableEngine;
  /** `startSupervisedTraining(theta)`, or a stored state to continue from. It is copied. */
  readonly initial: SupervisedTrainingState<M>;
  /**
   * The minibatches of an epoch, counted from 1, in training order, without the first `skip`. Resuming from a
   * state is exact if they depend only on the epoch's number and on how often the rate has fallen.
   */
  readonly epochBatches: (epoch: number, skip: number, rateDrops: number) => Iterable<Batch>;
  /** Adam's rate, > 0. */
  readonly learningRate: number;
  /** Decoupled weight decay λ ≥ 0 (AdamW); default 0. */
  readonly weightDecay?: number;
  /** Each minibatch's gradient is scaled to at most this norm, > 0; if omitted, it is not clipped. */
  readonly clip?: number;
  readonly maxEpochs: number;
  /** Epochs without a better score before training stops; 0: never. */
  readonly patience: number;
  /**
   * How often the rate falls to a fifth before training stops early, ≥ 0: after `patience` epochs without a better score,
   * training continues from the best parameters, with new moments of Adam. Left out: 0.
   */
  readonly rateDrops?: number;
  /**
   * Validation metrics at θ; called after every epoch. If omitted, training makes `maxEpochs` epochs, and the last parameters are
   * kept.
   */
  readonly validate?: (theta: ParameterVector, epoch: number) => Promise<Validation<M>>;
  /** After each minibatch; counted from 1 over all epochs. */
  readonly onStep?: (done: { readonly step: number; readonly epoch: number; readonly loss: number }) => void;
  /** After each epoch's validation; `loss` is the mean over the epoch's minibatches. Not called for epoch 0 or without `validate`. */
  readonly onEpoch?: (
    done: { readonly epoch: number; readonly step: number; readonly loss: number } & Validation<M>,
  ) => void;
  /** After each epoch, or when `checkpointDue`, with the live state, and with the last good state before an error. Awaited. */
  readonly onCheckpoint?: (state: SupervisedTrainingState<M>) => void | Promise<void>;
  /** Called after each minibatch and each epoch; if omitted, a checkpoint after each epoch. */
  readonly checkpointDue?: () => boolean;
  /** When it is aborted, the current minibatch is finished and training ends. */
  readonly signal?: AbortSignal;
  /** Seconds of a monotonic clock. */
  readonly now?: () => number;
}

/** Result of supervised training. */
export interface SupervisedTrainingResult<M> {
  /**
   * The parameters with the best validation; `iteration` counts the minibatches before them. If stopped before any validation:
   * the first ones, score null.
   */
  readonly best: {
    readonly epoch: number;
    readonly iteration: number;
    readonly score: number | null;
    readonly metrics: M | null;
    readonly theta: ParameterVector;
  };
  /** Completed minibatches. */
  readonly iterations: number;
  /** Completed epochs. */
  readonly epochs: number;
  readonly stopped: Stopped;
  /** One entry per epoch; `iteration` counts minibatches, `metaLoss` is the epoch's mean, `alpha` is empty. */
  readonly history: TrainingHistory<M>;
  /** Seconds per minibatch, parallel to `history.iteration`; empty without a clock. */
  readonly secondsPerIteration: readonly number[];
  /** The state from which a longer or interrupted run continues. */
  readonly state: SupervisedTrainingState<M>;
}

/** The factor of the rate when it falls. */
const rateFactor = 0.2;

/**
 * Plain training: Adam on minibatches, one gradient each, with early stopping on the validation score after each epoch.
 *
 * Epoch 0, before any training, is validated too. The highest score after it is kept (the earlier of equals).
 *
 * @throws `USAGE` for options out of range or an epoch without batches, `FAILED` (naming epoch and step) for NaN or ∞
 * @example
 * ```js
 * import { engineOf } from "@kshot/engine-of";
 * import { startSupervisedTraining, trainSupervised } from "@kshot/meta-sgd";
 * import { mean, square, sub, tensor } from "@kshot/tensor-fn";
 *
 * // A learner is a number c; its loss is (θ − c)².
 * const loss = ({ theta }, c) => mean(square(sub(theta, tensor(c))));
 * const engine = await engineOf({ shapes: { theta: [] }, loss });
 * const { best } = await trainSupervised({
 *   engine,
 *   initial: startSupervisedTraining(engine.vector()),
 *   epochBatches: () => [1, 2, 3].map((c) => engine.batch([c])),
 *   learningRate: 0.05,
 *   maxEpochs: 60,
 *   patience: 0,
 * });
 * console.log(best.theta[0].toFixed(1)); // 2.0
 * ```
 */
export async function trainSupervised<M>(options: SupervisedTrainingOptions<M>): Promise<SupervisedTrainingResult<M>> {
  checkOptions(options);
  const { engine, maxEpochs, patience, rateDrops = 0, signal } = options;
  const [state, trained] = copyState(engine, options.initial);
  const checkpoint = () => options.onCheckpoint?.(state);

  const stopped = await (async (): Promise<Stopped> => {
    if (signal?.aborted) return "aborted";
    if (state.evaluatedEpoch < 0 && options.validate) await validate(options, options.validate, state);
    for (;;) {
      if (patience > 0 && state.epochsWithoutBetter >= patience) {
        if (state.rateDrops >= rateDrops || state.epoch >= maxEpochs) return "early";
        fromBest(state);
      }
      if (state.epoch >= maxEpochs) return "finished";
      // A state stored between an epoch's last minibatch and its validation has that epoch's loss still pending.
      const batches = options.epochBatches(state.epoch + 1, state.stepInEpoch, state.rateDrops)[Symbol.iterator]();
      // The next minibatch is prepared while the engine computes on this one.
      let next = batches.next();
      while (next.done !== true) {
        const batch = next.value;
        if (signal?.aborted) return "aborted";
        try {
          const made = await step(options, state, trained, batch, () => {
            next = batches.next();
          });
          if (!made) return "aborted";
        } catch (error) {
          await checkpoint();
          throw error;
        }
        if (options.checkpointDue?.()) await checkpoint();
      }
      if (state.pending.iterations === 0) {
        throw usageError({ where: `epoch ${state.epoch + 1}`, found: "no batches", expected: "at least one" });
      }
      if (signal?.aborted) return "aborted";
      state.epoch += 1;
      state.stepInEpoch = 0;
      const loss = log(state, state.history, state.secondsPerIteration, options.now !== undefined);
      state.pending.lossSum = state.pending.seconds = state.pending.iterations = 0;
      if (options.validate) {
        const validation = await validate(options, options.validate, state);
        options.onEpoch?.({ epoch: state.epoch, step: state.step, loss, ...validation });
      }
      if (options.checkpointDue?.() ?? true) await checkpoint();
    }
  })();

  const history = copyHistory(state.history);
  const secondsPerIteration = [...state.secondsPerIteration];
  if (state.pending.iterations > 0) log(state, history, secondsPerIteration, options.now !== undefined);
  const { best, epoch, step: iterations, theta } = state;
  const kept = best ?? { epoch, iteration: iterations, score: null, metrics: null, theta };
  return {
    best: { ...kept, theta: copyVector(engine, kept.theta) },
    iterations,
    epochs: epoch,
    stopped,
    history,
    secondsPerIteration,
    state,
  };
}

/**
 * @param meanwhile runs while the engine computes
 * @returns false if training was stopped and the step was abandoned, which does not change the state
 */
async function step<M>(
  { engine, learningRate, weightDecay, clip, now, onStep, signal }: SupervisedTrainingOptions<M>,
  state: SupervisedTrainingState<M>,
  trained: TrainingVector,
  batch: Batch,
  meanwhile: () => void,
): Promise<boolean> {
  const start = now?.() ?? 0;
  const epoch = state.epoch + 1;
  // Wait for both, also after an error: the state must not change while the engine computes.
  const work = Promise.allSettled([
    engine.gradients([state.theta], [batch], trained.spare && [trained.spare]),
    Promise.resolve().then(meanwhile),
  ]);
  const settled = await orAborted(work, signal);
  if (settled === undefined) return false;
  const [computed, prepared] = settled[0];
  if (computed.status === "rejected") throw computed.reason;
  if (prepared.status === "rejected") throw prepared.reason;
  const { losses, gradients } = computed.value;
  const where = `supervised training, epoch ${epoch}, step ${state.step + 1}`;
  const gradient = gradients[0]!;
  requireFiniteTraining(where, losses, { gradient: [gradient, trained.isFinite(gradient)] });
  if (clip !== undefined) clipNorm(gradient, clip);
  await trained.step(gradient, learningRate * rateFactor ** state.rateDrops, weightDecay);
  state.step += 1;
  state.stepInEpoch += 1;
  state.pending.lossSum += losses[0]!;
  state.pending.seconds += (now?.() ?? 0) - start;
  state.pending.iterations += 1;
  onStep?.({ step: state.step, epoch, loss: losses[0]! });
  return true;
}

async function validate<M>(
  { engine }: SupervisedTrainingOptions<M>,
  evaluate: NonNullable<SupervisedTrainingOptions<M>["validate"]>,
  state: SupervisedTrainingState<M>,
): Promise<Validation<M>> {
  const { epoch, step: iteration, theta } = state;
  const { score, metrics } = await evaluate(theta, epoch);
  if (Number.isNaN(score)) {
    throw failedError({ where: `validation of epoch ${epoch}`, found: "score NaN", expected: "a number" });
  }
  state.history.validation.push({ iteration, metrics });
  thinValidation(state.history, state.best?.iteration);
  state.evaluatedEpoch = epoch;
  if (epoch === 0) return { score, metrics };
  if (state.best === null || score > state.best.score) {
    state.best = { epoch, iteration, score, metrics, theta: copyVector(engine, theta) };
    state.epochsWithoutBetter = 0;
  } else {
    state.epochsWithoutBetter += 1;
  }
  return { score, metrics };
}

/** Goes back to the best parameters, with moments of zero, and lowers the rate. */
function fromBest<M>(state: SupervisedTrainingState<M>): void {
  state.theta.set(state.best!.theta);
  state.moments.step = 0;
  state.moments.firstMoment.fill(0);
  state.moments.secondMoment.fill(0);
  state.epochsWithoutBetter = 0;
  state.rateDrops += 1;
}

/** Adds the pending losses as an entry; returns their mean. */
function log<M>(
  { step: iteration, pending }: SupervisedTrainingState<M>,
  history: TrainingHistory<M>,
  seconds: number[],
  timed: boolean,
): number {
  const metaLoss = pending.lossSum / pending.iterations;
  const secondsPerIteration = timed ? pending.seconds / pending.iterations : null;
  appendEntry(history, seconds, { iteration, metaLoss, alpha: {}, secondsPerIteration });
  return metaLoss;
}

function checkOptions<M>(options: SupervisedTrainingOptions<M>): void {
  requireLength("theta", options.initial.theta, options.engine.layout);
  requirePositive("learningRate", options.learningRate);
  if (options.clip !== undefined) requirePositive("clip", options.clip);
  if (!(options.weightDecay === undefined || (options.weightDecay >= 0 && Number.isFinite(options.weightDecay)))) {
    throw usageError({ where: "weightDecay", found: `${options.weightDecay}`, expected: "a number of at least 0" });
  }
  requireInteger("maxEpochs", options.maxEpochs, 0);
  requireInteger("patience", options.patience, 0);
  requireInteger("rateDrops", options.rateDrops ?? 0, 0);
}
