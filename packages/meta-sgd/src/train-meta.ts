import { failedError, type TensorSpec } from "@kshot/contract";
import { adaptingTensors, keepOnly } from "./adapting-tensors.js";
import { copyVector } from "./differentiable-engine.js";
import { MetaBatches } from "./meta-batches.js";
import {
  type CompleteMetaTrainingOptions,
  completeMetaTrainingOptions,
  type MetaTrainingOptions,
  type MetaTrainingResult,
  type Stopped,
  type Validation,
} from "./meta-training-options.js";
import { type MetaTrainingState, stateForEngine, type TrainingVectors } from "./meta-training-state.js";
import { orAborted } from "./or-aborted.js";
import { outerUpdate } from "./outer-update.js";
import { allRates, rateDistributions } from "./rate-distribution.js";
import { ResidentVectors } from "./resident-vectors.js";
import { appendEntry, copyHistory, type TrainingLogEntry, thinValidation } from "./training-history.js";

/**
 * Meta-training: for each iteration the mean meta-gradient over a meta-batch, Adam on θ and, if learned, on α, then α clamped.
 *
 * Validates at iteration 0, each `evalInterval` and the end. The highest score after 0 is kept (the earlier of equals):
 * iteration 0 is the start of the curve and is kept only with `keepStart`. Li et al. 2017, algorithm 1; Finn et al.
 * 2017, algorithm 2.
 *
 * @throws `USAGE` for options out of range, `FAILED` (naming the iteration) for NaN or ∞ in a loss, gradient or score;
 * the parameters are not updated then
 * @example
 * ```js
 * import { engineOf } from "@kshot/engine-of";
 * import { startMetaTraining, trainMeta } from "@kshot/meta-sgd";
 * import { mean, square, sub, tensor } from "@kshot/tensor-fn";
 *
 * // A learner is a number c; its loss is (θ − c)².
 * const loss = ({ theta }, c) => mean(square(sub(theta, tensor(c))));
 * const engine = await engineOf({ shapes: { theta: [] }, loss });
 * const { state } = await trainMeta({
 *   engine,
 *   initial: startMetaTraining(engine.vector().fill(2)),
 *   tasks: () => [-1, 1].map((c) => engine.task([c], [c])),
 *   iterations: 300,
 *   outerLr: 0.02,
 *   alphaRange: [1e-4, 2],
 *   innerSteps: 1,
 * });
 * console.log(state.alpha[0].toFixed(2)); // 0.50
 * ```
 */
export async function trainMeta<M>(given: MetaTrainingOptions<M>): Promise<MetaTrainingResult<M>> {
  const options = completeMetaTrainingOptions(given);
  const { engine } = options;
  const [state, vectors] = stateForEngine(engine, options.initial);
  const adapting = adaptingTensors(engine.layout, options.algorithm, options.head ?? [], options.adapting);
  // Parameters that do not adapt have rate 0, and later code does not change it.
  keepOnly(state.alpha, adapting);
  const resident = await ResidentVectors.open(options, vectors, adapting);
  try {
    return await iterateMeta(options, state, vectors, adapting, resident);
  } finally {
    resident?.dispose();
  }
}

async function iterateMeta<M>(
  options: CompleteMetaTrainingOptions<M>,
  state: MetaTrainingState<M>,
  vectors: TrainingVectors,
  adapting: readonly TensorSpec[],
  resident: ResidentVectors | undefined,
): Promise<MetaTrainingResult<M>> {
  const { iterations, evalInterval, logInterval, patience, signal } = options;
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
  // An error stops the run; the state before it is kept.
  const orCheckpoint = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      // A lost device returns no state: the last checkpoint is kept.
      const current = await (resident?.refresh() ?? Promise.resolve()).then(
        () => true,
        () => false,
      );
      if (current) log();
      if (current && checkpointed < state.iteration) await checkpoint();
      throw error;
    }
  };
  const refresh = async () => {
    if (resident) await orCheckpoint(() => resident.refresh());
  };
  const batches = new MetaBatches(options.tasks);
  // Work that needs no gradient runs while the engine computes.
  const meanwhile = async () => {
    log();
    if (state.iteration + 1 < iterations && !signal?.aborted) batches.prepare(state.iteration + 1);
  };
  const { spare: dTheta } = vectors.theta;
  const { spare: dAlpha } = vectors.alpha;
  let spare = dTheta && dAlpha && { dTheta, dAlpha };
  const stopped = await (async (): Promise<Stopped> => {
    for (;;) {
      if (signal?.aborted) return "aborted";
      if (options.validate && state.iteration % evalInterval === 0 && state.evaluatedAt < state.iteration) {
        await refresh();
        log();
        const found = await orCheckpoint(() => orAborted(validated(options, state), signal));
        if (found === undefined) return "aborted";
        recordValidation(state, found[0], options.keepStart);
      }
      const due = isDue(state.iteration, options.checkpointInterval) || options.checkpointDue?.();
      if (due && checkpointed < state.iteration) {
        await refresh();
        log();
        await checkpoint();
      }
      if (patience > 0 && state.evaluationsWithoutBetter >= patience) return "early";
      if (state.iteration >= iterations) return "finished";
      if (signal?.aborted) return "aborted";
      if (resident) {
        // The next iteration changes the rates that an entry of the history describes.
        if (isDue(state.iteration, logInterval)) await refresh();
        log();
        await orCheckpoint(() => resident.update(options, state, batches.take(state.iteration), meanwhile));
        continue;
      }
      const earlier = spare;
      const gradient = await orCheckpoint(() => {
        return outerUpdate(options, state, vectors, adapting, batches.take(state.iteration), meanwhile, earlier);
      });
      if (gradient === undefined) return "aborted";
      spare = gradient;
    }
  })();
  await refresh();
  log();
  return finish(options, state, stopped, adapting);
}

async function validated<M>(
  options: CompleteMetaTrainingOptions<M>,
  state: MetaTrainingState<M>,
): Promise<Validation<M>> {
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
  thinValidation(state.history, state.best?.iteration);
  if (iteration === 0 && !keepStart) return;
  if (isBetter(score, state.best)) {
    state.best = { iteration, score, metrics, theta: state.theta.slice(), alpha: state.alpha.slice() };
    state.evaluationsWithoutBetter = 0;
  } else {
    state.evaluationsWithoutBetter += 1;
  }
}

function logEntry<M>(
  options: CompleteMetaTrainingOptions<M>,
  state: MetaTrainingState<M>,
  adapting: readonly TensorSpec[],
): TrainingLogEntry {
  const { lossSum, seconds, iterations } = state.pending;
  return {
    iteration: state.iteration,
    metaLoss: lossSum / iterations,
    alpha: rateDistributions(state.alpha, adapting),
    ...(adapting.length > 0 && { allRates: allRates(state.alpha, adapting) }),
    secondsPerIteration: options.now ? seconds / iterations : null,
  };
}

/** The result: the state, and the last validation and log entry. */
async function finish<M>(
  options: CompleteMetaTrainingOptions<M>,
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
