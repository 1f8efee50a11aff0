import type * as tf from "@tensorflow/tfjs-core";
import type { TraceNode } from "./trace.js";

/** Sizes of the axes, outermost first; `[]` for a scalar. */
export type Shape = readonly number[];

/** Host copy of an index tensor: indices are checked and offset without asking the device. */
export interface HostIndices {
  readonly values: Int32Array;
  /** Smallest and largest index; 0 and −1 when there is none. */
  readonly min: number;
  readonly max: number;
}

/**
 * An immutable n-dimensional array on the active backend: float32 numbers, or int32 indices. Opaque: read it with `read`.
 *
 * Inside a derivative it is a box: `level` is the number of the nested derivative that records it (0: none), `lower` is the
 * same value as the next outer derivative sees it, `node` its entry in the record of operations.
 */
export class Tensor {
  readonly shape: Shape;
  /** Distinguishes a tensor from other objects with a shape. */
  declare protected readonly opaque: true;
  /** @internal */
  readonly handle: tf.Tensor;
  /** @internal */
  readonly level: number;
  /** @internal */
  readonly lower: Tensor | null;
  /** @internal */
  readonly node: TraceNode | null;
  /** @internal Present for index tensors only. */
  readonly indices: HostIndices | null;

  /** @internal */
  constructor(handle: tf.Tensor, lower: Tensor | null, node: TraceNode | null, indices: HostIndices | null = null) {
    this.shape = handle.shape;
    this.handle = handle;
    this.lower = lower;
    this.node = node;
    this.level = node === null ? 0 : node.trace.level;
    this.indices = indices;
  }
}

/** Number of elements of a shape. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const dim of shape) size *= dim;
  return size;
}

/** Whether two shapes are equal. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}

/** A shape as messages write it: `[2, 3]`. */
export function showShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}
