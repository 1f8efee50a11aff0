import { tidy } from "../memory.js";
import type { Tensor } from "../tensor.js";
import type { Like, Parameters } from "../tree.js";
import { differentiate, scalarLoss } from "./differentiate.js";

/**
 * The gradient of a scalar function: `grad(f)(θ) = ∇f(θ)`, with the names and shapes of θ.
 *
 * f must be synchronous and made of this package's operations; it may take gradients itself, to any order.
 *
 * @throws `USAGE` when f does not return a scalar
 * @example
 * ```js
 * import { add, grad, readSync, scalar, square, tanh, useBackend } from "@kshot/tensor-fn";
 *
 * await useBackend("cpu");
 * const second = grad((x) => grad((y) => add(square(y), tanh(y)))(x));
 * console.log(readSync(second(scalar(0.5)))); // Float32Array(1) [ 1.273… ]
 * ```
 */
export function grad<P extends Parameters>(f: (parameters: P) => Tensor): (parameters: P) => Like<P> {
  return (parameters) => tidy(() => differentiate((p: P) => scalarLoss(f(p), "grad"), parameters).gradient);
}

/** A function's value and gradient, from one pass. */
export interface ValueAndGradient<P extends Parameters> {
  readonly value: Tensor;
  readonly gradient: Like<P>;
}

/** `valueAndGrad(f)(θ) = { value: f(θ), gradient: ∇f(θ) }`; otherwise as `grad`. */
export function valueAndGrad<P extends Parameters>(
  f: (parameters: P) => Tensor,
): (parameters: P) => ValueAndGradient<P> {
  return (parameters) => {
    const { carried, gradient } = differentiate((p: P) => scalarLoss(f(p), "valueAndGrad"), parameters);
    return { value: carried[0], gradient };
  };
}
