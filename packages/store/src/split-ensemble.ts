import type { Tensor } from "./safetensors.js";

/** Name prefix of the tensors of one network of an ensemble in a safetensors file. @param number from 1 */
export function ensemblePrefix(number: number): string {
  return `ensemble.${number}.`;
}

/**
 * Separates the tensors of an ensemble's networks, under their names in the file, from all others.
 *
 * @param networks the ensemble's number of networks
 */
export function splitEnsemble(
  tensors: readonly Tensor[],
  networks: number,
): { readonly ensemble: readonly (readonly Tensor[])[]; readonly others: readonly Tensor[] } {
  const ensemble = Array.from({ length: networks }, (_, n) =>
    tensors.filter(({ name }) => name.startsWith(ensemblePrefix(n + 1))),
  );
  const own = new Set(ensemble.flat());
  return { ensemble, others: tensors.filter((tensor) => !own.has(tensor)) };
}
