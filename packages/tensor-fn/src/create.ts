import { usageError } from "@kshot/contract";
import * as tf from "@tensorflow/tfjs-core";
import { activeBackend } from "./backends/backend.js";
import { type Shape, showShape, sizeOf, Tensor } from "./tensor.js";

/** Numbers nested in lists of equal lengths: `[[1, 2], [3, 4]]`. */
export type NestedNumbers = number | readonly NestedNumbers[];

/**
 * A float32 tensor, from row-major values and a shape, or from nested lists, whose shape it takes. Values are copied.
 *
 * @throws `USAGE` if the number of values is not the shape's, or nested lists differ in length.
 */
export function tensor(values: ArrayLike<number>, shape: Shape): Tensor;
export function tensor(values: NestedNumbers): Tensor;
export function tensor(values: ArrayLike<number> | NestedNumbers, shape?: Shape): Tensor {
  if (shape === undefined) {
    const flat: number[] = [];
    const own = flattened(values as NestedNumbers, flat);
    return upload(Float32Array.from(flat), own);
  }
  if (typeof values === "number") return tensor([values], shape);
  requireCount(values.length, shape);
  return upload(Float32Array.from(values as ArrayLike<number>), shape);
}

/** Appends the numbers to `flat`, row-major, and returns the shape. */
function flattened(values: NestedNumbers, flat: number[]): number[] {
  if (typeof values === "number") {
    flat.push(values);
    return [];
  }
  const shapes = values.map((inner) => flattened(inner, flat));
  const [first = []] = shapes;
  if (shapes.some((shape) => shape.join() !== first.join() || shape.length !== first.length)) {
    throw usageError({ where: "tensor", found: "nested lists of different lengths", expected: "equal lengths" });
  }
  return [values.length, ...first];
}

/** A float32 tensor of zeros. */
export function zeros(shape: Shape): Tensor {
  requireCount(sizeOf(shape), shape);
  return upload(new Float32Array(sizeOf(shape)), shape);
}

/** A float32 tensor of no axes. */
export function scalar(value: number): Tensor {
  return upload(Float32Array.of(value), []);
}

/**
 * An int32 tensor for `gather`, `scatterAdd` and labels.
 *
 * @throws `USAGE` for a value that is not an int32 or a wrong number of values
 */
export function indices(values: Int32Array | readonly number[], shape: Shape): Tensor {
  requireCount(values.length, shape);
  const copy = Int32Array.from(values);
  const wrong = copy.findIndex((value, i) => value !== values[i]);
  if (wrong >= 0) {
    throw usageError({ where: `index ${wrong}`, found: String(values[wrong]), expected: "an integer of 32 bits" });
  }
  activeBackend();
  let min = copy.length === 0 ? 0 : copy[0];
  let max = copy.length === 0 ? -1 : copy[0];
  for (const value of copy) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  // The handle gets its own copy: the cpu backend keeps the array that it is given.
  return new Tensor(tf.tensor(copy.slice(), shape as number[], "int32"), null, null, { values: copy, min, max });
}

/** A tensor's values, row-major; freshly copied. */
export async function read(x: Tensor): Promise<Float32Array> {
  return Float32Array.from(await x.handle.data());
}

/** Synchronous `read`; on a GPU it blocks. */
export function readSync(x: Tensor): Float32Array {
  return Float32Array.from(x.handle.dataSync());
}

function upload(values: Float32Array, shape: Shape): Tensor {
  activeBackend();
  return new Tensor(tf.tensor(values, shape as number[], "float32"), null, null);
}

function requireCount(count: number, shape: Shape): void {
  if (shape.every((dim) => Number.isInteger(dim) && dim >= 0) && sizeOf(shape) === count) return;
  throw usageError({ found: `${count} values for shape ${showShape(shape)}`, expected: "as many as the shape holds" });
}
