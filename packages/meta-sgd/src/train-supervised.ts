import { type Batch, failedError, type ParameterVector, usageError } from "@kshot/contract";
import { adam } from "./adam.js";
import { copyVector } from "./copy-vector.js";
import type { DifferentiableEngine } from "./differentiable-engine.js";
import { requireInteger, requireLength, requirePositive } from "./require-argument.js";
import { requireFiniteTraining } from "./require-finite.js";
import type { Stopped, Validation } from "./train-meta.js";
import { appendEntry, emptyHistory, type PendingLog, type TrainingHistory } from "./training-history.js";

/** What `trainSupervised` needs. Vectors handed to callbacks are live: read them, copy what you keep. */
export interface SupervisedTrainingOptions<M> {
  readonly engine: DifferentiableEngine;
  /** θ to start from, `[layout.size]`; copied. */
  readonly theta: ParameterVector;
  /** The minibatches of an epoch, counted from 1, in the order they are trained on. */
  readonly epochBatches: (epoch: number) => Iterable<Batch>;
  /** Adam's rate, > 0. */
  readonly learningRate: number;
  readonly maxEpochs: number;
  /** Epochs without a better score before training stops; 0: never. */
  readonly patience: number;
  readonly validate: (theta: ParameterVector, epoch: number) => Promise<Validation<M>>;
  /** After each minibatch; counted from 1 over all epochs. */
  readonly onStep?: (done: { readonly step: number; readonly epoch: number; readonly loss: number }) => void;
  /** After each epoch's validation; `loss` is the mean over the epoch's minibatches. Not called for epoch 0. */
  readonly onEpoch?: (
    done: { readonly epoch: number; readonly step: number; readonly loss: number } & Validation<M>,
  ) => void;
  /** Once aborted, the current minibatch is finished and training ends. */
  readonly signal?: AbortSignal;
  /** Seconds of any clock that only goes forward. */
  readonly now?: () => number;
}

/** What supervised training leaves. */
export interface SupervisedTrainingResult<M> {
  /** The parameters that validated best; `iteration` counts the minibatches before them. Stopped before any validation: the first ones, score null. */
  readonly best: {
    readonly epoch: number;
    readonly iteration: number;
    readonly score: number | null;
    readonly metrics: M | null;
    readonly theta: ParameterVector;
  };
  /** Minibatches made. */
  readonly iterations: number;
  /** Whole epochs made. */
  readonly epochs: number;
  readonly stopped: Stopped;
  /** One entry per epoch; `iteration` counts minibatches, `metaLoss` is the epoch's mean, `alpha` is empty. */
  readonly history: TrainingHistory<M>;
  /** Seconds per minibatch, parallel to `history.iteration`; empty without a clock. */
  readonly secondsPerIteration: readonly number[];
}

/**
 * Plain training: Adam on minibatches, one gradient each, with early stopping on the validation score after each epoch.
 *
 * Epoch 0, before any training, is validated too, where the curve begins; the highest score after it is kept (the earlier of equals).
 * Throws `USAGE` for options out of range or an epoch without batches, `FAILED` (naming epoch and step) for NaN or ∞.
 */
export async function trainSupervised<M>(options: SupervisedTrainingOptions<M>): Promise<SupervisedTrainingResult<M>> {
  checkOptions(options);
  const { engine, maxEpochs, patience, learningRate, signal, now } = options;
  const theta = copyVector(engine, options.theta);
  const optimiser = adam();
  const moments = optimiser.init(theta.length);
  const history = emptyHistory<M>();
  const secondsPerIteration: number[] = [];
  const pending: PendingLog = { lossSum: 0, seconds: 0, iterations: 0 };
  let best: (Validation<M> & { epoch: number; iteration: number; theta: ParameterVector }) | null = null;
  let step = 0;
  let epoch = 0;
  let withoutBetter = 0;

  const validated = async (): Promise<Validation<M>> => {
    const { score, metrics } = await options.validate(theta, epoch);
    if (Number.isNaN(score)) {
      throw failedError({ where: `validation of epoch ${epoch}`, found: "score NaN", expected: "a number" });
    }
    history.validation.push({ iteration: step, metrics });
    if (epoch === 0) return { score, metrics };
    if (best === null || score > best.score) {
      best = { epoch, iteration: step, score, metrics, theta: copyVector(engine, theta) };
      withoutBetter = 0;
    } else {
      withoutBetter += 1;
    }
    return { score, metrics };
  };
  const log = (): number => {
    const metaLoss = pending.lossSum / pending.iterations;
    const seconds = now ? pending.seconds / pending.iterations : null;
    appendEntry(history, secondsPerIteration, { iteration: step, metaLoss, alpha: {}, secondsPerIteration: seconds });
    pending.lossSum = pending.seconds = pending.iterations = 0;
    return metaLoss;
  };

  const stopped = await (async (): Promise<Stopped> => {
    if (signal?.aborted) return "aborted";
    await validated();
    while (epoch < maxEpochs) {
      for (const batch of options.epochBatches(epoch + 1)) {
        if (signal?.aborted) return "aborted";
        const start = now?.() ?? 0;
        const { losses, gradients } = await engine.gradients([theta], [batch]);
        const where = `supervised training, epoch ${epoch + 1}, step ${step + 1}`;
        requireFiniteTraining(where, losses, { gradient: gradients[0]! });
        optimiser.update(moments, theta, gradients[0]!, learningRate);
        step += 1;
        pending.lossSum += losses[0]!;
        pending.seconds += (now?.() ?? 0) - start;
        pending.iterations += 1;
        options.onStep?.({ step, epoch: epoch + 1, loss: losses[0]! });
      }
      if (pending.iterations === 0) {
        throw usageError({ where: `epoch ${epoch + 1}`, found: "no batches", expected: "at least one" });
      }
      epoch += 1;
      const loss = log();
      if (signal?.aborted) return "aborted";
      const validation = await validated();
      options.onEpoch?.({ epoch, step, loss, ...validation });
      if (patience > 0 && withoutBetter >= patience) return "early";
    }
    return "finished";
  })();
  if (pending.iterations > 0) log();
  return {
    best: best ?? { epoch, iteration: step, score: null, metrics: null, theta },
    iterations: step,
    epochs: epoch,
    stopped,
    history,
    secondsPerIteration,
  };
}

function checkOptions<M>(options: SupervisedTrainingOptions<M>): void {
  requireLength("theta", options.theta, options.engine.layout);
  requirePositive("learningRate", options.learningRate);
  requireInteger("maxEpochs", options.maxEpochs, 0);
  requireInteger("patience", options.patience, 0);
}
