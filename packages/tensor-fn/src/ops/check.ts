import { usageError } from "@kshot/contract";
import { type Shape, showShape, type Tensor } from "../tensor.js";

/** Resolves a possibly negative axis. */
export function resolveAxis(axis: number, rank: number, where: string): number {
  const resolved = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(axis) && resolved >= 0 && resolved < rank) return resolved;
  throw usageError({ where, found: `axis ${axis}`, expected: `an axis of a tensor of rank ${rank}` });
}

/** Axes of a tensor, ascending, without repeats; all axes where none are given. */
export function resolveAxes(x: Tensor, axes: readonly number[] | undefined, where: string): number[] {
  if (axes === undefined) return x.shape.map((_, axis) => axis);
  return [...new Set(axes.map((axis) => resolveAxis(axis, x.shape.length, where)))].sort((a, b) => a - b);
}

/** The shape that two shapes broadcast to, as NumPy does. */
export function broadcastShape(a: Shape, b: Shape, where: string): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    throw shapeError(where, `shapes ${showShape(a)} and ${showShape(b)}`, "shapes that broadcast");
  });
}

/** Float tensors only: index tensors have no arithmetic. */
export function requireFloat(x: Tensor, where: string): void {
  if (x.indices !== null) throw usageError({ where, found: "an index tensor", expected: "a float tensor" });
}

/** An error about shapes. */
export function shapeError(where: string, found: string, expected: string) {
  return usageError({ where, found, expected });
}
