import type { AdaptingGroup } from "@kshot/contract/schemas";

/** The tensors of the output layer. */
export const outputLayer: readonly string[] = ["fc.weight", "fc.bias"];

/** Whether a tensor of the GRU recommender, by its name, belongs to a group that can adapt alone. */
export const tensorGroups: Readonly<Record<AdaptingGroup, (tensor: string) => boolean>> = {
  all: () => true,
  embedding: (tensor) => tensor.startsWith("embedding."),
  gru: (tensor) => tensor.startsWith("gru."),
  head: (tensor) => outputLayer.includes(tensor),
  // A context vector that is input to the GRU together with the item (CAVIA, Zintgraf et al. 2019) acts only through these.
  biases: (tensor) => tensor.includes("bias"),
  "gru-biases": (tensor) => tensor.startsWith("gru.bias"),
  "output-bias": (tensor) => tensor === "fc.bias",
};
