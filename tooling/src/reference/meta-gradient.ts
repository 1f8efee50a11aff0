import type { Golden } from "@kshot/contract/schemas";
import { hessianVectorProduct, lossAndGradient, type ReferencePairs } from "./network.js";
import type { ReferenceConfig } from "./parameters.js";

export interface ReferenceMetaGradient {
  readonly loss: number;
  readonly taskLosses: number[];
  readonly dTheta: Float64Array;
  readonly dAlpha: Float64Array;
}

/** θ after `steps` inner steps: θ ← θ − α∘∇L_support(θ). */
export function adapt(
  config: ReferenceConfig,
  theta: Float64Array,
  alpha: Float64Array,
  support: ReferencePairs,
  steps: number,
): { theta: Float64Array; thetas: Float64Array[]; gradients: Float64Array[] } {
  const thetas: Float64Array[] = [];
  const gradients: Float64Array[] = [];
  let current = theta;
  for (let k = 0; k < steps; k++) {
    const { gradient } = lossAndGradient(config, current, support);
    thetas.push(current);
    gradients.push(gradient);
    current = current.map((value, i) => value - alpha[i] * gradient[i]);
  }
  return { theta: current, thetas, gradients };
}

/**
 * Gradient of the mean query loss after adaptation, with respect to θ and α.
 *
 *     v = ∇L_query(θ_S);  for k = S−1 … 0:  dα −= g_k∘v,  v −= H_k (α∘v);  dθ = v
 *
 * Order 1 leaves the products out. Meta-SGD: Li et al. 2017; notebook cell 07c-08.
 */
export function referenceMetaGradient(
  config: ReferenceConfig,
  theta: Float64Array,
  alpha: Float64Array,
  tasks: Golden["tasks"],
  order: 1 | 2,
): ReferenceMetaGradient {
  const dTheta = new Float64Array(theta.length);
  const dAlpha = new Float64Array(theta.length);
  const taskLosses: number[] = [];
  for (const { support, query } of tasks) {
    const adapted = adapt(config, theta, alpha, support, config.innerSteps);
    const { loss, gradient: v } = lossAndGradient(config, adapted.theta, query);
    taskLosses.push(loss);
    for (let k = config.innerSteps - 1; k >= 0; k--) {
      const g = adapted.gradients[k];
      for (let i = 0; i < v.length; i++) dAlpha[i] -= (g[i] * v[i]) / tasks.length;
      if (order === 1) continue;
      const along = v.map((value, i) => alpha[i] * value);
      const product = hessianVectorProduct(config, adapted.thetas[k], support, along);
      for (let i = 0; i < v.length; i++) v[i] -= product[i];
    }
    for (let i = 0; i < v.length; i++) dTheta[i] += v[i] / tasks.length;
  }
  return { loss: taskLosses.reduce((sum, loss) => sum + loss, 0) / tasks.length, taskLosses, dTheta, dAlpha };
}
