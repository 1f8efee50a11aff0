import * as tf from "@tensorflow/tfjs-core";
import { zeros } from "../create.js";
import { runKernel } from "../kernels.js";
import { tidy } from "../memory.js";
import { showShape, Tensor } from "../tensor.js";
import { apply } from "../trace.js";
import { broadcastShape, requireFloat, resolveAxes, shapeError } from "./check.js";
import { mul, type Operand, operand } from "./elementwise.js";
import { broadcastTo, reshape } from "./shape.js";

/**
 * 1 if a > b, else 0, broadcasting as NumPy. The result is constant in both, so it has no derivative.
 *
 * @throws `USAGE` for shapes that do not broadcast
 */
export function greater(a: Operand, b: Operand): Tensor {
  return compare(tf.Greater, "greater", a, b);
}

/** 1 if a = b, else 0; otherwise as `greater`. */
export function equal(a: Operand, b: Operand): Tensor {
  return compare(tf.Equal, "equal", a, b);
}

/**
 * a where the condition is not 0, else b, broadcasting as NumPy: `where(greater(x, 0), x, 0)`. A value that is not taken has no effect: a NaN
 * there does not reach the value or the derivative. The condition has no derivative.
 *
 * @throws `USAGE` for shapes that do not broadcast
 */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  const [taken, other] = [operand(a), operand(b)];
  for (const x of [condition, taken, other]) requireFloat(x, "where");
  const shape = broadcastShape(broadcastShape(taken.shape, other.shape, "where"), condition.shape, "where");
  const mask = new Tensor(broadcastTo(constant(condition), shape).handle, null, null);
  return select(mask, broadcastTo(taken, shape), broadcastTo(other, shape));
}

/** max(x, 0) by element; the derivative at 0 is 0. */
export function relu(x: Tensor): Tensor {
  requireFloat(x, "relu");
  return select(greater(x, 0), x, zeros(x.shape));
}

/**
 * Largest entry over `axes` (all when left out; negative ones count from the end); with `keepDims` they stay with size 1. Entries that
 * share the largest value share the derivative equally.
 *
 * @throws `USAGE` for an axis that x does not have, or a maximum over nothing
 */
export function max(x: Tensor, axes?: readonly number[], keepDims = false): Tensor {
  requireFloat(x, "max");
  const over = resolveAxes(x, axes, "max");
  if (over.some((axis) => x.shape[axis] === 0))
    throw shapeError("max", `shape ${showShape(x.shape)}`, "an entry at least");
  const largest = over.length === 0 ? x : apply("max", [x], { axes: over });
  if (!keepDims) return largest;
  return reshape(
    largest,
    x.shape.map((dim, axis) => (over.includes(axis) ? 1 : dim)),
  );
}

/** Both sides of one shape, the mask's; for `where` and its derivative. */
export function select(mask: Tensor, a: Tensor, b: Tensor): Tensor {
  return apply("select", [a, b], { mask });
}

/** The share of `adjoint` (of the shape of `largest`) for each entry of x: all for the largest entry, equal parts for several largest ones. */
export function shareOfLargest(adjoint: Tensor, x: Tensor, largest: Tensor, axes: readonly number[]): Tensor {
  const kept = x.shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  const weights = tidy(() => {
    const holds = equal(constant(x), reshape(constant(largest), kept)).handle;
    const count = runKernel(
      tf.Reshape,
      { x: runKernel(tf.Sum, { x: holds }, { axis: axes, keepDims: false }) },
      { shape: kept },
    );
    return new Tensor(runKernel(tf.RealDiv, { a: holds, b: count }), null, null);
  });
  return mul(broadcastTo(reshape(adjoint, kept), x.shape), weights);
}

/** The value of a tensor as a constant, without derivative. */
function constant(x: Tensor): Tensor {
  return new Tensor(x.handle, null, null);
}

function compare(kernel: string, name: string, a: Operand, b: Operand): Tensor {
  const [left, right] = [operand(a), operand(b)];
  requireFloat(left, name);
  requireFloat(right, name);
  broadcastShape(left.shape, right.shape, name);
  return tidy(() => {
    const holds = runKernel(kernel, { a: left.handle, b: right.handle });
    return new Tensor(runKernel(tf.Cast, { x: holds }, { dtype: "float32" }), null, null);
  });
}
