import type { Engine, Readout } from "@kshot/contract";
import { usageError } from "@kshot/contract";
import type { Config } from "@kshot/contract/schemas";
import { createTensorEngine } from "@kshot/gru";
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

/** Refuses a device that this build does not have; called before anything is written. @throws a `USAGE` error. */
export function requireDevice({ device }: Pick<Config, "device">): void {
  if (device === "gpu") {
    throw usageError({
      where: "--device gpu",
      found: "there is no GPU backend in this version",
      expected: "--device cpu",
    });
  }
}

/** Starts the engine that a configuration asks for; the caller disposes it. */
export async function openEngine(
  config: Pick<Config, "device" | "backend">,
  shape: GruConfig,
  readout: Readout,
): Promise<Engine> {
  requireDevice(config);
  return createTensorEngine({ config: shape, backend: config.backend, readout });
}
