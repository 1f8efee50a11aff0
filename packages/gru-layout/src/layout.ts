import { type ParameterLayout, parameterLayout } from "@kshot/contract";
import type { GruConfig } from "./config.js";

/**
 * Names, shapes and order of all parameters, as in the `state_dict` of a PyTorch module with `nn.Embedding`, `nn.GRU` and `nn.Linear`.
 *
 * With H = hiddenDim and `in` = embeddingDim in layer 0, H above: `embedding.weight` [nItems, embeddingDim]; per layer l
 * `gru.weight_ih_l{l}` [3H, in], `gru.weight_hh_l{l}` [3H, H], `gru.bias_ih_l{l}` [3H], `gru.bias_hh_l{l}` [3H], gates in
 * the order r, z, n; `fc.weight` [nItems, H], `fc.bias` [nItems]. 343 items at the defaults: 140,695 parameters.
 */
export function gruParameterLayout(config: GruConfig): ParameterLayout {
  return parameterLayout(shapes(config));
}

/** Number of parameters, computed without their list: also for sizes that no machine can hold. */
export function gruParameterCount({ nItems, embeddingDim, hiddenDim, numLayers }: GruConfig): number {
  const recurrent = 3 * hiddenDim * (hiddenDim + 2);
  const inputs = 3 * hiddenDim * (embeddingDim + (numLayers - 1) * hiddenDim);
  return nItems * (embeddingDim + hiddenDim + 1) + numLayers * recurrent + inputs;
}

function* shapes(config: GruConfig): Iterable<readonly [string, readonly number[]]> {
  const { nItems, embeddingDim, hiddenDim, numLayers } = config;
  yield ["embedding.weight", [nItems, embeddingDim]];
  for (let layer = 0; layer < numLayers; layer++) {
    yield [`gru.weight_ih_l${layer}`, [3 * hiddenDim, layer === 0 ? embeddingDim : hiddenDim]];
    yield [`gru.weight_hh_l${layer}`, [3 * hiddenDim, hiddenDim]];
    yield [`gru.bias_ih_l${layer}`, [3 * hiddenDim]];
    yield [`gru.bias_hh_l${layer}`, [3 * hiddenDim]];
  }
  yield ["fc.weight", [nItems, hiddenDim]];
  yield ["fc.bias", [nItems]];
}
