import type { Config } from "@kshot/contract/schemas";
import { type GruConfig, gruConfig } from "@kshot/gru-layout";

/** The GRU's shape for a vocabulary of `nItems`, from the configuration file's names. */
export function modelShape(config: Pick<Config, "gru_config">, nItems: number): GruConfig {
  const { embedding_dim, hidden_dim, num_layers, dropout, max_seq_len } = config.gru_config;
  return gruConfig({
    nItems,
    embeddingDim: embedding_dim,
    hiddenDim: hidden_dim,
    numLayers: num_layers,
    dropout,
    maxSeqLen: max_seq_len,
  });
}
