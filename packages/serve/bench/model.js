import { gruConfig, gruParameterLayout, initialParameters } from "@kshot/gru-layout";
import { encodeSafetensors } from "@kshot/store/safetensors";

/** Bytes of a model of realistic size with random weights: its recommendations are meaningless, its cost is realistic. */
export function randomModel(nItems, embeddingDim, hiddenDim) {
  const items = Array.from({ length: nItems }, (_, i) => `item-${i}`);
  const shape = gruConfig({ nItems, embeddingDim, hiddenDim, numLayers: 1, dropout: 0, maxSeqLen: 50 });
  const layout = gruParameterLayout(shape);
  const tensors = (values, prefix) =>
    layout.tensors.map(({ name, shape: own, offset, size }) => ({
      name: `${prefix}${name}`,
      shape: own,
      values: values.subarray(offset, offset + size),
    }));
  const config = {
    K: 5,
    gru_config: { embedding_dim: embeddingDim, hidden_dim: hiddenDim, num_layers: 1, dropout: 0, max_seq_len: 50 },
    metasgd_config: { mask: "carry", num_inner_steps: 5, inner_clip: null, context: false },
  };
  const metadata = { format: "kshot.model/1", algorithm: "meta-sgd", kind: "theta", items, config };
  const alpha = new Float32Array(layout.size).fill(0.01);
  return encodeSafetensors([...tensors(initialParameters(shape, 7), ""), ...tensors(alpha, "alpha.")], {
    kshot: JSON.stringify(metadata),
  });
}
