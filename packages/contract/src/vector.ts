/**
 * All parameters of a model, or a gradient, or one learning rate per parameter: one flat array in the order of the
 * engine's `ParameterLayout`. Float32 in kshot's engines; Float64 in tests that need more digits.
 */
export type ParameterVector = Float32Array | Float64Array;

/** One named tensor inside a `ParameterVector`: row-major, `size` values from `offset`. */
export interface TensorSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  /** Product of `shape`. */
  readonly size: number;
}

/** Names, shapes and offsets of all tensors of a model, in order, without gaps. */
export interface ParameterLayout {
  readonly tensors: readonly TensorSpec[];
  /** Number of parameters: the length of a `ParameterVector`. */
  readonly size: number;
}

/**
 * Arranges tensors one after the other: offsets and sizes from names and shapes.
 * @example
 * ```js
 * import { parameterLayout } from "@kshot/contract";
 *
 * const { size, tensors } = parameterLayout([
 *   ["fc.weight", [3, 2]],
 *   ["fc.bias", [3]],
 * ]);
 * console.log(size, tensors[1].offset); // 9 6
 * ```
 */
export function parameterLayout(shapes: Iterable<readonly [name: string, shape: readonly number[]]>): ParameterLayout {
  const tensors: TensorSpec[] = [];
  let offset = 0;
  for (const [name, shape] of shapes) {
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    tensors.push({ name, shape, offset, size });
    offset += size;
  }
  return { tensors, size: offset };
}
