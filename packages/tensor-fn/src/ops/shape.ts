import { type Shape, sameShape, showShape, sizeOf, type Tensor } from "../tensor.js";
import { apply } from "../trace.js";
import { broadcastShape, requireFloat, resolveAxis, shapeError } from "./check.js";

/** The same values in row-major order under another shape. Returns x itself when the shape is its own. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  requireFloat(x, "reshape");
  if (sameShape(x.shape, shape)) return x;
  if (sizeOf(shape) !== sizeOf(x.shape)) {
    throw shapeError("reshape", `shape ${showShape(x.shape)}`, `as many elements as ${showShape(shape)}`);
  }
  return apply("reshape", [x], { shape });
}

/** Axis i of the result is axis perm[i] of x; the axes are reversed when `perm` is left out. */
export function transpose(x: Tensor, perm?: readonly number[]): Tensor {
  requireFloat(x, "transpose");
  const rank = x.shape.length;
  const order = perm ?? x.shape.map((_, axis) => rank - 1 - axis);
  if (order.length !== rank || x.shape.some((_, axis) => !order.includes(axis))) {
    throw shapeError("transpose", `perm ${showShape(order)}`, `a permutation of the ${rank} axes`);
  }
  // Moving only axes of size 1 does not change the order of the values.
  const moving = order.filter((from) => x.shape[from] !== 1);
  if (moving.every((from, i) => i === 0 || moving[i - 1] < from)) {
    return reshape(
      x,
      order.map((from) => x.shape[from]),
    );
  }
  return apply("transpose", [x], { perm: order });
}

/**
 * The block x[begin_i … begin_i + size_i) of each axis i.
 *
 * @throws `USAGE` if it leaves x
 */
export function slice(x: Tensor, begin: readonly number[], size: readonly number[]): Tensor {
  requireFloat(x, "slice");
  const fits =
    begin.length === x.shape.length &&
    size.length === x.shape.length &&
    x.shape.every((dim, axis) => begin[axis] >= 0 && size[axis] >= 0 && begin[axis] + size[axis] <= dim);
  if (!fits) {
    throw shapeError("slice", `begin ${showShape(begin)}, size ${showShape(size)}`, `a block of ${showShape(x.shape)}`);
  }
  return sameShape(x.shape, size) ? x : apply("slice", [x], { begin, size });
}

/** Adds zeros around x: `paddings[i]` is their number before and after along axis i. The adjoint of `slice`. */
export function pad(x: Tensor, paddings: readonly (readonly [number, number])[]): Tensor {
  requireFloat(x, "pad");
  if (paddings.length !== x.shape.length) {
    throw shapeError("pad", `${paddings.length} paddings`, `one per axis of ${showShape(x.shape)}`);
  }
  return paddings.every(([before, after]) => before + after === 0) ? x : apply("pad", [x], { paddings });
}

/**
 * Tensors one after the other along `axis`.
 *
 * @throws `USAGE` for no tensors or other axes that differ
 */
export function concat(list: readonly Tensor[], axis: number): Tensor {
  if (list.length === 0) throw shapeError("concat", "no tensors", "at least one");
  for (const x of list) requireFloat(x, "concat");
  const along = resolveAxis(axis, list[0].shape.length, "concat");
  const reference = list[0].shape;
  const odd = list.find(
    (x) => x.shape.length !== reference.length || x.shape.some((dim, i) => i !== along && dim !== reference[i]),
  );
  if (odd !== undefined) {
    throw shapeError(
      "concat",
      `shapes ${showShape(reference)} and ${showShape(odd.shape)}`,
      `equal shapes except along axis ${along}`,
    );
  }
  return list.length === 1 ? list[0] : apply("concat", list, { axis: along });
}

/** x repeated to `shape`, as NumPy broadcasts. Returns x itself when the shape is its own. */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  requireFloat(x, "broadcastTo");
  if (sameShape(x.shape, shape)) return x;
  if (!sameShape(broadcastShape(x.shape, shape, "broadcastTo"), shape)) {
    throw shapeError("broadcastTo", `shape ${showShape(x.shape)}`, `one that broadcasts to ${showShape(shape)}`);
  }
  return apply("broadcastTo", [x], { shape });
}
