import type { MetaGradient, ParameterVector, Task } from "@kshot/contract";
import type { DifferentiableEngine } from "./differentiable-engine.js";
import {
  type ClippedMetaGradientOptions,
  checkMetaGradientArguments,
  metaGradientByRecursion,
} from "./meta-gradient-by-recursion.js";

/**
 * Gradient of the mean query loss after adaptation, with respect to θ and α: the engine's fused version where it has one
 * and nothing is clipped, else `metaGradientByRecursion`. The two are equal up to rounding.
 *
 * dTheta, dAlpha: `[layout.size]`; taskLosses: `[tasks]`. Throws `USAGE` for no tasks, a wrong length, steps or order.
 */
export async function metaGradient(
  engine: DifferentiableEngine,
  theta: ParameterVector,
  alpha: ParameterVector,
  tasks: readonly Task[],
  options: ClippedMetaGradientOptions,
): Promise<MetaGradient> {
  if (engine.metaGradient === undefined || options.innerClip !== undefined)
    return metaGradientByRecursion(engine, theta, alpha, tasks, options);
  checkMetaGradientArguments(engine, theta, alpha, tasks, options);
  return engine.metaGradient(theta, alpha, tasks, options);
}
