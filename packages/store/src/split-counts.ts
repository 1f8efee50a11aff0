import type { Tensor, TensorValues } from "./safetensors.js";

/** Name prefix of a counting model's arrays in a safetensors file. */
export const countsPrefix = "counts.";

/** The arrays of a counting model without the prefix, and all other tensors of its file. */
export function splitCounts(tensors: readonly Tensor[]): {
  readonly counts: Readonly<Record<string, Exclude<TensorValues, Float32Array>>>;
  readonly others: readonly Tensor[];
} {
  const isCount = ({ name }: Tensor) => name.startsWith(countsPrefix);
  const counts = tensors
    .filter(isCount)
    .map(({ name, values }) => [
      name.slice(countsPrefix.length),
      values instanceof Float32Array ? Float64Array.from(values) : values,
    ]);
  return { counts: Object.fromEntries(counts), others: tensors.filter((tensor) => !isCount(tensor)) };
}

/** A counting model's arrays as tensors of a file. */
export function countTensors(counts: Readonly<Record<string, TensorValues>>): Tensor[] {
  return Object.entries(counts).map(([name, values]) => ({
    name: `${countsPrefix}${name}`,
    shape: [values.length],
    values,
  }));
}
