import type { Tensor } from "./safetensors.js";

/** Name prefix of learning rates (α) in a safetensors file. */
export const ratePrefix = "alpha.";

/** The tensors of a model file apart: θ under PyTorch's names, and α under `alpha.<name>`; none where α lies in another file. */
export function splitRates(tensors: readonly Tensor[]): {
  readonly parameters: readonly Tensor[];
  readonly rates: readonly Tensor[];
} {
  const isRate = ({ name }: Tensor) => name.startsWith(ratePrefix);
  return { parameters: tensors.filter((tensor) => !isRate(tensor)), rates: tensors.filter(isRate) };
}
