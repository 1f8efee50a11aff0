import type { Tensor } from "./safetensors.js";

/** Name prefix of learning rates (α) in a safetensors file. */
export const ratePrefix = "alpha.";

/**
 * Separates the tensors of a model file: θ under PyTorch's names, and α under `alpha.<name>`; α is empty if it is in another
 * file.
 */
export function splitRates(tensors: readonly Tensor[]): {
  readonly parameters: readonly Tensor[];
  readonly rates: readonly Tensor[];
} {
  const isRate = ({ name }: Tensor) => name.startsWith(ratePrefix);
  return { parameters: tensors.filter((tensor) => !isRate(tensor)), rates: tensors.filter(isRate) };
}
