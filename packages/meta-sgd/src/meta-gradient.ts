import { fusedStepsFit, type MetaGradient, type ParameterVector, type Task } from "@kshot/contract";
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
 * dTheta, dAlpha: `[layout.size]`; taskLosses: `[tasks]`.
 *
 * @throws `USAGE` for no tasks, a wrong length, steps or order
 * @example
 * ```js
 * import { engineOf } from "@kshot/engine-of";
 * import { metaGradient } from "@kshot/meta-sgd";
 * import { mean, square, sub, tensor } from "@kshot/tensor-fn";
 *
 * // A learner is a number c; its loss is (θ − c)².
 * const loss = ({ theta }, c) => mean(square(sub(theta, tensor(c))));
 * const engine = await engineOf({ shapes: { theta: [] }, loss });
 * const task = engine.task([3], [5]); // the support value is 3, the query value 5
 * const alpha = engine.vector().fill(0.25);
 * const options = { innerSteps: 1, order: 2 };
 * const { taskLosses, dTheta, dAlpha } = await metaGradient(engine, engine.vector(), alpha, [task], options);
 * console.log(taskLosses[0], dTheta[0], dAlpha[0]); // 12.25 -3.5 -42
 * ```
 */
export async function metaGradient(
  engine: DifferentiableEngine,
  theta: ParameterVector,
  alpha: ParameterVector,
  tasks: readonly Task[],
  options: ClippedMetaGradientOptions,
): Promise<MetaGradient> {
  if (engine.metaGradient === undefined || !fusedStepsFit(engine, options.innerClip))
    return metaGradientByRecursion(engine, theta, alpha, tasks, options);
  checkMetaGradientArguments(engine, theta, alpha, tasks, options);
  if (options.innerClip !== undefined) requirePositive("innerClip", options.innerClip);
  return engine.metaGradient(theta, alpha, tasks, options);
}
