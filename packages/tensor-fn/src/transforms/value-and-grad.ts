import type { Tensor } from "../tensor.js";
import type { Like, Parameters } from "../tree.js";
import { differentiate, scalarLoss } from "./differentiate.js";

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
