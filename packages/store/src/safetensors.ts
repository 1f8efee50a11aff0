import type { ParameterVector } from "@kshot/contract";

/** Values of a tensor: parameters, or the whole numbers of a counting model. */
export type TensorValues = ParameterVector | Int32Array;

/** A named tensor, row-major. */
export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Product of `shape` values; Float32Array is stored as F32, Float64Array as F64, Int32Array as I32. */
  readonly values: TensorValues;
}

/** The content of a safetensors file: tensors in the order of their data, and its `__metadata__`. */
export interface Safetensors {
  readonly tensors: readonly Tensor[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** The key of the header that is not a tensor. */
export const metadataKey = "__metadata__";

/** The key of `__metadata__` that holds kshot's metadata as JSON text. */
export const kshotKey = "kshot";

/** Bytes of the header's length, an unsigned little-endian integer. */
export const lengthBytes = 8;

/** The reference implementation's limit on the header. */
export const maxHeaderBytes = 100_000_000;

/** Number of values of a shape; 1 for a scalar, `[]`. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}
