import { type Batch, fusedStepsFit, type MetaGradient, type ParameterVector, type Task } from "@kshot/contract";
import { adapt } from "./adapt.js";
import { clipNorm } from "./clip.js";
import type { DifferentiableEngine } from "./differentiable-engine.js";
import { gradientStep } from "./gradient-step.js";
import { yieldThread } from "./yield-thread.js";

/**
 * Reptile's outer gradient: dθ = mean over tasks of θ − θ_S; dα is 0. Inner step k, from 0, is on the task's minibatch k, taken in turn:
 *
 *     θ_{k+1} = θ_k − α∘∇L_{minibatch k}(θ_k)
 *
 * A task without minibatches steps on its support set. Summed in float64 in the order of the tasks. taskLosses, only for the log: query
 * loss after S steps on the support set alone, so that no pair of the query was trained on. Nichol et al. 2018, algorithm 2 and section 4.
 */
export async function displacementGradient(
  engine: DifferentiableEngine,
  theta: ParameterVector,
  alpha: ParameterVector,
  tasks: readonly Task[],
  options: { readonly innerSteps: number; readonly innerClip?: number },
): Promise<MetaGradient> {
  const onSupport = tasks.every(({ minibatches = [] }) => minibatches.length === 0);
  const adapted = await (onSupport ? adaptOnSupport : adaptByMinibatches)(engine, theta, alpha, tasks, options);
  const taskLosses = await queryLosses(engine, theta, alpha, tasks, { ...options, fitted: onSupport ? adapted : null });
  const sum = new Float64Array(theta.length);
  for (const vector of adapted) for (let i = 0; i < sum.length; i++) sum[i]! += theta[i]! - vector[i]!;
  const dTheta = engine.vector();
  for (let i = 0; i < sum.length; i++) dTheta[i] = sum[i]! / tasks.length;
  return { taskLosses, dTheta, dAlpha: engine.vector() };
}

interface StepOptions {
  readonly innerSteps: number;
  readonly innerClip?: number;
}

/**
 * Each task's query loss after the steps on its support set.
 *
 * @param options.fitted θ after them; null: they are taken here
 */
async function queryLosses(
  engine: DifferentiableEngine,
  theta: ParameterVector,
  alpha: ParameterVector,
  tasks: readonly Task[],
  { fitted, ...options }: StepOptions & { readonly fitted: readonly ParameterVector[] | null },
): Promise<readonly number[]> {
  if (fitted === null && engine.metaGradient && fusedStepsFit(engine, options.innerClip)) {
    // Of the fused first-order gradient only the losses are used: it is several times faster than steps and gradients one by one.
    return (await engine.metaGradient(theta, alpha, tasks, { ...options, order: 1 })).taskLosses;
  }
  const thetas = fitted ?? (await adaptOnSupport(engine, theta, alpha, tasks, options));
  const queries = tasks.map(({ query }) => query);
  return (await engine.gradients(thetas, queries)).losses;
}

/** θ_S of each task, each inner step on its support set. */
function adaptOnSupport(
  engine: DifferentiableEngine,
  theta: ParameterVector,
  alpha: ParameterVector,
  tasks: readonly Task[],
  options: StepOptions,
): Promise<readonly ParameterVector[]> {
  const supports = tasks.map(({ support }) => support);
  return adapt(engine, theta, alpha, supports, options.innerSteps, options);
}

/** θ_S of each task, each inner step on the task's next minibatch. */
async function adaptByMinibatches(
  engine: DifferentiableEngine,
  theta: ParameterVector,
  alpha: ParameterVector,
  tasks: readonly Task[],
  { innerSteps, innerClip }: StepOptions,
): Promise<readonly ParameterVector[]> {
  if (engine.adaptInTurn && fusedStepsFit(engine, innerClip)) {
    const turns = tasks.map(({ support, minibatches = [] }) => (minibatches.length > 0 ? minibatches : [support]));
    return engine.adaptInTurn(theta, alpha, turns, innerSteps, innerClip === undefined ? {} : { innerClip });
  }
  const turn = ({ support, minibatches = [] }: Task, step: number): Batch =>
    minibatches[step % minibatches.length] ?? support;
  const adapted = tasks.map(() => engine.vector());
  for (let step = 0; step < innerSteps; step++) {
    await yieldThread();
    const from = step === 0 ? tasks.map(() => theta) : adapted;
    const { gradients } = await engine.gradients(
      from,
      tasks.map((task) => turn(task, step)),
    );
    if (innerClip !== undefined) for (const gradient of gradients) clipNorm(gradient, innerClip);
    for (let t = 0; t < tasks.length; t++) gradientStep(adapted[t]!, from[t]!, alpha, gradients[t]!);
  }
  return innerSteps === 0 ? tasks.map(() => theta) : adapted;
}
