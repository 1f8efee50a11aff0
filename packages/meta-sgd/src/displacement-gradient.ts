import type { MetaGradient, ParameterVector, Task } from "@kshot/contract";
import { adapt } from "./adapt.js";
import type { DifferentiableEngine } from "./differentiable-engine.js";

/**
 * Reptile's outer gradient: dθ = mean over tasks of θ − θ_S, θ_S is θ after S steps on the task's support set. dα is 0.
 *
 * Summed in float64 in the order of the tasks. taskLosses: query loss at θ_S, only for the log. Nichol et al. 2018, algorithm 2.
 */
export async function displacementGradient(
  engine: DifferentiableEngine,
  theta: ParameterVector,
  alpha: ParameterVector,
  tasks: readonly Task[],
  options: { readonly innerSteps: number; readonly innerClip?: number },
): Promise<MetaGradient> {
  const supports = tasks.map((task) => task.support);
  const adapted = await adapt(engine, theta, alpha, supports, options.innerSteps, options);
  const queries = tasks.map((task) => task.query);
  const { losses } = await engine.gradients(adapted, queries);
  const sum = new Float64Array(theta.length);
  for (const vector of adapted) for (let i = 0; i < sum.length; i++) sum[i]! += theta[i]! - vector[i]!;
  const dTheta = engine.vector();
  for (let i = 0; i < sum.length; i++) dTheta[i] = sum[i]! / tasks.length;
  return { taskLosses: losses, dTheta, dAlpha: engine.vector() };
}
