import type { ParameterLayout } from "@kshot/contract";
import type { AdaptingGroup } from "@kshot/contract/schemas";

/** The output layer of the GRU recommender. */
export const head: readonly string[] = ["fc.weight", "fc.bias"];

const belongs: Readonly<Record<AdaptingGroup, (tensor: string) => boolean>> = {
  all: () => true,
  embedding: (tensor) => tensor.startsWith("embedding."),
  gru: (tensor) => tensor.startsWith("gru."),
  head: (tensor) => head.includes(tensor),
  // A context vector that is input to the GRU together with the item (CAVIA, Zintgraf et al. 2019) acts only through these.
  biases: (tensor) => tensor.includes("bias"),
  "gru-biases": (tensor) => tensor.startsWith("gru.bias"),
  "output-bias": (tensor) => tensor === "fc.bias",
};

/** Names of a group's tensors, in the layout's order. */
export function adaptingGroup(layout: ParameterLayout, group: AdaptingGroup): string[] {
  return layout.tensors.map(({ name }) => name).filter(belongs[group]);
}
