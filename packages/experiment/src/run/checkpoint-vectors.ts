import { isMetaLearner } from "@kshot/comparison";
import { dataError, type ParameterLayout, type ParameterVector } from "@kshot/contract";
import type { CheckpointMetadata } from "@kshot/contract/schemas";
import { type Tensor, vectorFrom } from "@kshot/store";

/** A checkpoint's vectors by name. @throws `DATA` for one that is missing or has another shape. */
export function readStoredVectors(
  tensors: readonly Tensor[],
  { algorithm, best }: Pick<CheckpointMetadata, "algorithm" | "best">,
  layout: ParameterLayout,
  file: string,
): Record<string, ParameterVector> {
  const vectors: Record<string, ParameterVector> = {};
  for (const [name, own] of Object.entries(byVector(tensors))) {
    const float64 = own[0]?.values instanceof Float64Array;
    const empty = (size: number): ParameterVector => (float64 ? new Float64Array(size) : new Float32Array(size));
    vectors[name] = vectorFrom(own, layout, file, `${name}/`, empty);
  }
  const needed = ["theta", "theta.firstMoment", "theta.secondMoment", ...(best ? ["best.theta"] : [])];
  const rates = ["alpha", "alpha.firstMoment", "alpha.secondMoment", ...(best ? ["best.alpha"] : [])];
  for (const name of isMetaLearner(algorithm) ? [...needed, ...rates] : needed) {
    if (vectors[name]) continue;
    throw dataError({
      where: file,
      found: `no tensors ${name}/…; the file holds ${Object.keys(vectors).join(", ") || "none"}`,
      expected: "a training's whole state",
    });
  }
  return vectors;
}

/** Tensors by the vector they belong to: `<vector>/<tensor>`. */
function byVector(tensors: readonly Tensor[]): Record<string, Tensor[]> {
  const groups: Record<string, Tensor[]> = {};
  for (const tensor of tensors) {
    const [vector = ""] = tensor.name.split("/");
    (groups[vector] ??= []).push(tensor);
  }
  return groups;
}
