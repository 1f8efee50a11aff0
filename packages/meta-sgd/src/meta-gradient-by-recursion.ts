import {
  type MetaGradient,
  type MetaGradientOptions,
  type ParameterVector,
  type Task,
  usageError,
} from "@kshot/contract";
import { clipNorm, norm } from "./clip.js";
import type { DifferentiableEngine } from "./differentiable-engine.js";
import { gradientStep } from "./gradient-step.js";
import { requireInteger, requireLength, requirePositive } from "./require-argument.js";
import { yieldThread } from "./yield-thread.js";

/** Options of a meta-gradient: those of engines, and inner clipping. */
export interface ClippedMetaGradientOptions extends MetaGradientOptions {
  /** Each inner gradient is scaled to at most this norm before its step; if omitted, it is not clipped. */
  readonly innerClip?: number;
}

/**
 * The exact meta-gradient from gradients and Hessian-vector products, without a graph through the inner loop:
 *
 *     θ_{k+1} = θ_k − α∘g_k,  g_k = ∇L_support(θ_k),  k = 0 … S−1
 *     v = ∇L_query(θ_S);  for k = S−1 … 0:  dα −= g_k∘v,  v −= H_k(α∘v);  dθ += v
 *
 * H_k = ∇²L_support(θ_k); order 1 leaves its product out. With `innerClip` c and ‖g_k‖ > c the step takes ĉg_k, ĉ =
 * c/‖g_k‖, whose derivative is ĉ(I − ĝĝᵀ)H_k, ĝ = g_k/‖g_k‖: so dα −= ĉg_k∘v and v −= H_k ĉ(I − ĝĝᵀ)(α∘v). All tasks
 * advance together; dTheta and dAlpha `[layout.size]` are means over tasks, summed in float64 in the order of the tasks,
 * so grouping does not change them. Memory: S + 1 gradients per task; with order 2, S more parameter vectors. Finn et
 * al. 2017 (MAML), eq. 1; Li et al. 2017, algorithm 1.
 *
 * @throws `USAGE` for no tasks, a wrong length, steps or order
 */
export async function metaGradientByRecursion(
  engine: DifferentiableEngine,
  theta: ParameterVector,
  alpha: ParameterVector,
  tasks: readonly Task[],
  options: ClippedMetaGradientOptions,
): Promise<MetaGradient> {
  checkMetaGradientArguments(engine, theta, alpha, tasks, options);
  const { innerSteps, order, innerClip } = options;
  if (innerClip !== undefined) requirePositive("innerClip", innerClip);
  const supports = tasks.map((task) => task.support);
  const path: ParameterVector[][] = [];
  const gradients: (readonly ParameterVector[])[] = [];
  const scales: number[][] = [];

  let current: ParameterVector[] = tasks.map(() => theta);
  for (let k = 0; k < innerSteps; k++) {
    await yieldThread();
    const step = await engine.gradients(current, supports);
    scales.push(step.gradients.map((g) => (innerClip === undefined ? 1 : clipNorm(g, innerClip))));
    // Order 2 needs θ_k again for its Hessian; order 1 does not, and overwrites it.
    const next = k === 0 || order === 2 ? tasks.map(() => engine.vector()) : current;
    for (let t = 0; t < tasks.length; t++) gradientStep(next[t]!, current[t]!, alpha, step.gradients[t]!);
    if (order === 2) path.push(current);
    gradients.push(step.gradients);
    current = next;
  }

  // The gradients belong to the caller of the engine, so the query gradient becomes v in place.
  const query = await engine.gradients(
    current,
    tasks.map((task) => task.query),
  );
  const v = query.gradients;
  const dAlpha = new Float64Array(engine.layout.size);
  const directions = order === 2 && innerSteps > 0 ? tasks.map(() => engine.vector()) : [];
  while (gradients.length > 0) {
    await yieldThread();
    const g = gradients.pop()!;
    for (let t = 0; t < tasks.length; t++) subtractProduct(dAlpha, g[t]!, v[t]!);
    if (order === 1) continue;
    const scale = scales[gradients.length]!;
    for (let t = 0; t < tasks.length; t++) {
      product(directions[t]!, alpha, v[t]!);
      if (scale[t]! < 1) throughClipping(directions[t]!, g[t]!, scale[t]!);
    }
    const curvature = await engine.hessianVectorProducts(path.pop()!, supports, directions);
    for (let t = 0; t < tasks.length; t++) subtract(v[t]!, curvature[t]!);
  }
  const dTheta = new Float64Array(engine.layout.size);
  for (const vector of v) add(dTheta, vector);
  return {
    taskLosses: query.losses,
    dTheta: meanInto(engine.vector(), dTheta, tasks.length),
    dAlpha: meanInto(engine.vector(), dAlpha, tasks.length),
  };
}

/** Checks the arguments of a meta-gradient. */
export function checkMetaGradientArguments(
  engine: DifferentiableEngine,
  theta: ParameterVector,
  alpha: ParameterVector,
  tasks: readonly Task[],
  { innerSteps, order }: MetaGradientOptions,
): void {
  requireLength("theta", theta, engine.layout);
  requireLength("alpha", alpha, engine.layout);
  requireInteger("innerSteps", innerSteps, 0);
  if (order !== 1 && order !== 2) throw usageError({ where: "order", found: String(order), expected: "1 or 2" });
  if (tasks.length === 0) {
    throw usageError({ where: "tasks", found: "none", expected: "at least one task", todo: "Check the task sampler" });
  }
}

/** u ← ĉ(I − ĝĝᵀ)u, with g already clipped. */
function throughClipping(u: ParameterVector, g: ParameterVector, scale: number): void {
  const length = norm(g);
  let along = 0;
  for (let i = 0; i < u.length; i++) along += u[i]! * (g[i]! / length);
  for (let i = 0; i < u.length; i++) u[i] = scale * (u[i]! - (g[i]! / length) * along);
}

function product(out: ParameterVector, a: ParameterVector, b: ParameterVector): void {
  for (let i = 0; i < out.length; i++) out[i] = a[i]! * b[i]!;
}

function subtractProduct(sum: Float64Array, a: ParameterVector, b: ParameterVector): void {
  for (let i = 0; i < sum.length; i++) sum[i]! -= a[i]! * b[i]!;
}

function subtract(a: ParameterVector, b: ParameterVector): void {
  for (let i = 0; i < a.length; i++) a[i]! -= b[i]!;
}

function add(sum: Float64Array, a: ParameterVector): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += a[i]!;
}

function meanInto(out: ParameterVector, sum: Float64Array, n: number): ParameterVector {
  for (let i = 0; i < out.length; i++) out[i] = sum[i]! / n;
  return out;
}
