import { type Batch, fusedStepsFit, type ParameterVector } from "@kshot/contract";
import { clipNorm } from "./clip.js";
import { copyVector, type DifferentiableEngine } from "./differentiable-engine.js";
import { gradientStep } from "./gradient-step.js";
import { requireInteger, requireLength, requirePositive } from "./require-argument.js";
import { yieldThread } from "./yield-thread.js";

/** Options of the steps. */
export interface AdaptOptions {
  /** Each gradient is scaled to at most this norm before its step; if omitted, it is not clipped. */
  readonly innerClip?: number;
}

/**
 * Fits the model to each batch by a few gradient steps: θ_{k+1} = θ_k − α∘∇L_batch(θ_k), θ_0 = θ.
 *
 * θ, α: `[layout.size]`; all batches advance together. Li et al. 2017 (Meta-SGD), eq. 2; notebook cell
 * 07c-11.
 *
 * @returns one fresh vector per batch; 0 steps give copies of θ
 * @throws `USAGE` for a wrong length or number of steps
 * @example
 * ```js
 * import { engineOf } from "@kshot/engine-of";
 * import { adapt } from "@kshot/meta-sgd";
 * import { mean, square, sub, tensor } from "@kshot/tensor-fn";
 *
 * // A learner is a number c; its loss is (θ − c)².
 * const loss = ({ theta }, c) => mean(square(sub(theta, tensor(c))));
 * const engine = await engineOf({ shapes: { theta: [] }, loss });
 * const alpha = engine.vector().fill(0.5);
 * const [fitted] = await adapt(engine, engine.vector(), alpha, [engine.batch([3])], 1);
 * console.log(fitted[0]); // 3
 * ```
 */
export async function adapt(
  engine: DifferentiableEngine,
  theta: ParameterVector,
  alpha: ParameterVector,
  batches: readonly Batch[],
  steps: number,
  options: AdaptOptions = {},
): Promise<ParameterVector[]> {
  const [adapted] = await adaptAtSteps(engine, theta, alpha, batches, [steps], options);
  return adapted!;
}

/**
 * `adapt` at several numbers of steps in one pass: `result[i][b]` is θ after `steps[i]` steps on `batches[b]`.
 *
 * `steps` in any order; equal entries share their vectors. Gradients are taken max(steps) times, not Σ steps.
 *
 * @throws `USAGE` for a wrong length or number of steps
 */
export async function adaptAtSteps(
  engine: DifferentiableEngine,
  theta: ParameterVector,
  alpha: ParameterVector,
  batches: readonly Batch[],
  steps: readonly number[],
  { innerClip }: AdaptOptions = {},
): Promise<ParameterVector[][]> {
  requireLength("theta", theta, engine.layout);
  requireLength("alpha", alpha, engine.layout);
  for (const count of steps) requireInteger("inner steps", count, 0);
  if (innerClip !== undefined) requirePositive("innerClip", innerClip);
  if (batches.length === 0) return steps.map(() => []);

  const wanted = new Set(steps);
  const last = Math.max(0, ...steps);
  if (engine.adapt && wanted.size === 1 && fusedStepsFit(engine, innerClip)) {
    const options = innerClip === undefined ? {} : { innerClip };
    const adapted = [...(await engine.adapt(theta, alpha, batches, last, options))];
    return steps.map(() => adapted);
  }
  const reached = new Map<number, ParameterVector[]>();
  if (wanted.has(0)) {
    const copies = batches.map(() => copyVector(engine, theta));
    reached.set(0, copies);
  }
  let current: ParameterVector[] = batches.map(() => theta);
  for (let k = 0; k < last; k++) {
    await yieldThread();
    const { gradients } = await engine.gradients(current, batches);
    if (innerClip !== undefined) for (const gradient of gradients) clipNorm(gradient, innerClip);
    // θ belongs to the caller and the requested points to the result; neither is changed. All other vectors are reused.
    const next = k === 0 || wanted.has(k) ? batches.map(() => engine.vector()) : current;
    for (let b = 0; b < batches.length; b++) gradientStep(next[b]!, current[b]!, alpha, gradients[b]!);
    current = next;
    if (wanted.has(k + 1)) reached.set(k + 1, current);
  }
  return steps.map((count) => reached.get(count)!);
}
