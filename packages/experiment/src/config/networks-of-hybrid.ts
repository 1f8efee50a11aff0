import type { Config } from "@kshot/contract/schemas";

/** Networks of `hybrid` by the size of the data and of one network: the largest of both decides. */
const networksBySize = [
  { networks: 10, trainPairs: 20_000, parameters: 250_000 },
  { networks: 5, trainPairs: 100_000, parameters: 1_000_000 },
  { networks: 3, trainPairs: 1_000_000, parameters: 10_000_000 },
] as const;

/**
 * The number of networks in `hybrid`: the setting, otherwise 10 for up to 20,000 train pairs and 250,000 parameters, 5 for up to 100,000
 * and 1,000,000, 3 for up to ten times as many, 1 above. The limits are by cost: a recommendation costs as much as all of them.
 */
export function networksOfHybrid(
  { hybrid_networks }: Pick<Config, "hybrid_networks">,
  { trainPairs, parameters }: { readonly trainPairs: number; readonly parameters: number },
): number {
  const fits = networksBySize.find((most) => trainPairs <= most.trainPairs && parameters <= most.parameters);
  return hybrid_networks ?? fits?.networks ?? 1;
}
