import { type Shape, sameShape, sizeOf, type Tensor } from "../tensor.js";
import { apply } from "../trace.js";
import { requireFloat, resolveAxes } from "./check.js";
import { mul } from "./elementwise.js";
import { reshape } from "./shape.js";

/** Sum over `axes` (all when left out; negative ones count from the end); with `keepDims` they stay with size 1. */
export function sum(x: Tensor, axes?: readonly number[], keepDims = false): Tensor {
  requireFloat(x, "sum");
  const over = resolveAxes(x, axes, "sum");
  const total = over.length === 0 ? x : apply("sum", [x], { axes: over });
  if (!keepDims) return total;
  return reshape(
    total,
    x.shape.map((dim, axis) => (over.includes(axis) ? 1 : dim)),
  );
}

/** Mean over `axes` (all when left out); with `keepDims` they stay with size 1. NaN over nothing. */
export function mean(x: Tensor, axes?: readonly number[], keepDims = false): Tensor {
  const count = sizeOf(resolveAxes(x, axes, "mean").map((axis) => x.shape[axis]));
  return mul(sum(x, axes, keepDims), 1 / count);
}

/** Sums over the axes along which `shape` was broadcast: the adjoint of `broadcastTo`. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const missing = x.shape.length - shape.length;
  const grown = x.shape.flatMap((dim, axis) => (axis < missing || shape[axis - missing] !== dim ? [axis] : []));
  return reshape(sum(x, grown), shape);
}
