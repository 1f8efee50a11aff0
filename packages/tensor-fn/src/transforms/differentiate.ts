import { usageError } from "@kshot/contract";
import * as tf from "@tensorflow/tfjs-core";
import { scalar, zeros } from "../create.js";
import { runKernel } from "../kernels.js";
import { tidy } from "../memory.js";
import { showShape, Tensor } from "../tensor.js";
import { backward, depth, lowered, record } from "../trace.js";
import { type Like, leaves, type Parameters, rebuild } from "../tree.js";

/** The result of a function that is differentiated. */
export interface Outcome {
  readonly outputs: readonly Tensor[];
  /** What to differentiate: Σᵢ ⟨seedᵢ, outputᵢ⟩, the seeds held constant; of the outputs' shapes. */
  readonly seeds: readonly Tensor[];
  /** Values to return together with the gradient. */
  readonly carried: readonly Tensor[];
}

/**
 * ∇ Σᵢ ⟨seedᵢ, outputᵢ⟩ at `parameters`, with the further values of the function. All transforms use it.
 *
 * All results are separate tensors: freeing one does not affect the others or the parameters.
 */
export function differentiate<P extends Parameters>(
  f: (parameters: P) => Outcome,
  parameters: P,
): { gradient: Like<P>; carried: Tensor[] } {
  return tidy(() => {
    const inputs = leaves(parameters);
    const newest = scalar(0).handle.id;
    const { trace, result } = record(inputs, (boxed) => f(rebuild(parameters, boxed) as unknown as P));
    const adjoints = backward(trace, result.outputs, result.seeds, inputs.length);
    const results = [
      ...adjoints.map((adjoint, i) => adjoint ?? zeros(inputs[i].shape)),
      ...result.carried.map((value) => lowered(value, trace)),
    ];
    const own = depth() > 0 ? results : distinct(results, newest);
    return { gradient: rebuild(parameters, own.slice(0, inputs.length)), carried: own.slice(inputs.length) };
  });
}

/**
 * The result of a scalar loss, with its value.
 *
 * @throws `USAGE` for any other shape
 */
export function scalarLoss(loss: Tensor, where: string): Outcome {
  requireScalar(loss, where);
  return { outputs: [loss], seeds: [scalar(1)], carried: [loss] };
}

// A result may be a parameter, a constant or a direction from outside, and two gradients the same tensor: the caller must
// be able to free each one separately. Identifiers grow, so a value older than `newest` came from outside. The copy shares data.
function distinct(results: readonly Tensor[], newest: number): Tensor[] {
  const seen = new Set<number>();
  return results.map(({ handle }) => {
    const own = handle.id > newest && !seen.has(handle.id);
    seen.add(handle.id);
    return new Tensor(own ? handle : runKernel(tf.Reshape, { x: handle }, { shape: handle.shape }), null, null);
  });
}

function requireScalar(loss: unknown, where: string): void {
  if (!(loss instanceof Tensor)) {
    throw usageError({ where, found: "a function that returns no tensor", expected: "a scalar tensor, not a promise" });
  }
  if (loss.shape.length > 0) {
    throw usageError({
      where,
      found: `a function that returns shape ${showShape(loss.shape)}`,
      expected: "a scalar tensor",
      todo: "Take its sum or mean",
    });
  }
}
