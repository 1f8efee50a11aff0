import type { MetaGradient, ParameterVector, Task } from "@kshot/contract";
import type { DifferentiableEngine } from "./differentiable-engine.js";
import {
  type ClippedMetaGradientOptions,
  checkMetaGradientArguments,
  metaGradientByRecursion,
} from "./meta-gradient-by-recursion.js";
import { requirePositive } from "./require-argument.js";

/**
 * Gradient of the mean query loss after adaptation, with respect to θ and α: the engine's fused version, if it has one (with
 * `innerClip`, one that clips), otherwise `metaGradientByRecursion`. The two are equal up to rounding.
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
  const unfused = options.innerClip !== undefined && engine.clipsInnerGradients !== true;
  if (engine.metaGradient === undefined || unfused)
    return metaGradientByRecursion(engine, theta, alpha, tasks, options);
  checkMetaGradientArguments(engine, theta, alpha, tasks, options);
  if (options.innerClip !== undefined) requirePositive("innerClip", options.innerClip);
  return engine.metaGradient(theta, alpha, tasks, options);
}
