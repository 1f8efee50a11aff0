import { outputLayer, tensorGroups } from "@kshot/comparison";
import type { ParameterLayout } from "@kshot/contract";
import type { AdaptingGroup } from "@kshot/contract/schemas";

/** The output layer of the GRU recommender. */
export const head = outputLayer;

/** Names of a group's tensors, in the layout's order. */
export function adaptingGroup(layout: ParameterLayout, group: AdaptingGroup): string[] {
  return layout.tensors.map(({ name }) => name).filter(tensorGroups[group]);
}
