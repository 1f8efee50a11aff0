import { failedError, type KshotError, type ParameterLayout, type ParameterVector } from "@kshot/contract";

/**
 * Whether every value is finite.
 *
 * @param vector `[layout.size]`
 */
export function allFinite(vector: ParameterVector): boolean {
  let finite = 0;
  for (let i = 0; i < vector.length; i++) finite += vector[i] * 0;
  return finite === 0;
}

/**
 * The first value of a vector that is NaN or infinite, its tensor and its place there; undefined if all are finite.
 *
 * @param first position of the vector's first value in the layout
 */
export function firstNotFinite(
  vector: ArrayLike<number>,
  layout: ParameterLayout,
  first = 0,
): { readonly tensor: string; readonly at: number; readonly value: number } | undefined {
  for (const { name, offset, size } of layout.tensors) {
    for (let i = 0; i < size; i++) {
      const at = offset + i - first;
      if (at >= 0 && !Number.isFinite(vector[at])) return { tensor: name, at: i, value: Number(vector[at]) };
    }
  }
  return undefined;
}

/**
 * The error for a value that is not finite. It names the first tensor that holds NaN or infinity.
 *
 * @param where the computed quantity, `loss of batch 3`
 * @param value its value
 * @param vectors the vectors it was computed from, `[layout.size]` or without the embedding, by their names in messages (`θ`)
 * @param layout names and positions of the tensors
 * @returns a `FAILED` error
 */
export function notFinite(
  where: string,
  value: number | string,
  vectors: Readonly<Record<string, ParameterVector | undefined>>,
  layout: ParameterLayout,
): KshotError {
  for (const [name, vector] of Object.entries(vectors)) {
    const found = vector && firstNotFinite(vector, layout, layout.size - vector.length);
    if (found !== undefined) {
      return failedError({
        where,
        found: `${value}, from ${found.value} in ${found.tensor}[${found.at}] of ${name}`,
        expected: `a finite ${name}`,
        todo: "Lower the learning rates, or resume from an earlier checkpoint",
      });
    }
  }
  return failedError({
    where,
    found: `${value}, from products beyond the range of 32-bit numbers: every parameter is finite`,
    expected: "a finite value",
    todo: "Lower the learning rates, or resume from an earlier checkpoint",
  });
}
