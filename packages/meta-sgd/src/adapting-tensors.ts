import { type ParameterLayout, type ParameterVector, type TensorSpec, usageError } from "@kshot/contract";
import type { MetaAlgorithm } from "./algorithms/meta-algorithm.js";

/**
 * The tensors that the inner loop changes: all, or the head for an algorithm that adapts only the head; limited to `only` where given.
 *
 * @param head names of the model's output layer
 * @param only names of tensors; undefined: no limit
 * @throws `USAGE` for a name that the layout does not have, and if no tensor is left.
 */
export function adaptingTensors(
  layout: ParameterLayout,
  { adapts, name }: Pick<MetaAlgorithm, "adapts" | "name">,
  head: readonly string[],
  only?: readonly string[],
): TensorSpec[] {
  const known = layout.tensors.map((tensor) => tensor.name);
  const unknown = [...(adapts === "head" ? head : []), ...(only ?? [])].find((wanted) => !known.includes(wanted));
  if (unknown !== undefined) {
    throw usageError({ where: "adapting tensors", found: `"${unknown}"`, expected: known.join(", ") });
  }
  const left = layout.tensors.filter(
    (tensor) => (adapts === "all" || head.includes(tensor.name)) && (only === undefined || only.includes(tensor.name)),
  );
  if (left.length > 0) return left;
  throw usageError({
    where: `adapting tensors, ${name}`,
    found: adapts === "head" ? `none of the output layer (${head.join(", ")})` : "none",
    expected: "at least one tensor that adapts",
  });
}

/** Sets everything outside the given tensors to 0, in place: with a rate of 0 the bits of a parameter do not change. */
export function keepOnly(vector: ParameterVector, tensors: readonly TensorSpec[]): void {
  let from = 0;
  for (const { offset, size } of tensors) {
    vector.fill(0, from, offset);
    from = offset + size;
  }
  vector.fill(0, from);
}
