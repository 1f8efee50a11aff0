import { tidy } from "../memory.js";
import type { Tensor } from "../tensor.js";
import { type Like, leaves, leavesLike, type Parameters, rebuild } from "../tree.js";
import { differentiate } from "./differentiate.js";
import { type ValueAndGradient, valueAndGrad } from "./grad.js";

/** A function's value, gradient and Hessian-vector product, from one pass. */
export interface ValueGradAndHessianVectorProduct<P extends Parameters> extends ValueAndGradient<P> {
  readonly product: Like<P>;
}

/**
 * `hessianVectorProduct(f)(θ, u) = ∇²f(θ) u`, with the names and shapes of θ, without ever forming the Hessian.
 *
 * H u = ∇⟨∇f(θ), u⟩, u held constant: a reverse pass over the reverse pass, started at u.
 *
 * @throws `USAGE` when u's names or shapes differ from θ's, and as `grad`
 * @example
 * ```js
 * import { hessianVectorProduct, mul, readSync, square, sum, tensor, useBackend } from "@kshot/tensor-fn";
 *
 * await useBackend("cpu");
 * const f = (x) => sum(mul(square(x), x)); // Σ x³, so that the Hessian is diag(6x)
 * const product = hessianVectorProduct(f)(tensor([1, 2]), tensor([1, 1]));
 * console.log(readSync(product)); // Float32Array(2) [ 6, 12 ]
 * ```
 */
export function hessianVectorProduct<P extends Parameters>(
  f: (parameters: P) => Tensor,
): (parameters: P, direction: Like<P>) => Like<P> {
  return (parameters, direction) => tidy(() => valueGradAndHessianVectorProduct(f)(parameters, direction).product);
}

/** `f(θ)`, `∇f(θ)` and `∇²f(θ) u` together; otherwise as `hessianVectorProduct`. */
export function valueGradAndHessianVectorProduct<P extends Parameters>(
  f: (parameters: P) => Tensor,
): (parameters: P, direction: Like<P>) => ValueGradAndHessianVectorProduct<P> {
  return (parameters, direction) => {
    const along = leavesLike(parameters, direction as Parameters, "hessianVectorProduct, direction");
    return tidy(() => {
      const { carried, gradient: product } = differentiate((p: P) => {
        const { value, gradient } = valueAndGrad(f)(p);
        const gradients = leaves(gradient as Parameters);
        return { outputs: gradients, seeds: along, carried: [value, ...gradients] };
      }, parameters);
      return { value: carried[0], gradient: rebuild(parameters, carried.slice(1)), product };
    });
  };
}
