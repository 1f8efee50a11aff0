import { mostLayers, usageError } from "@kshot/contract";

/** Shape of the GRU recommender. */
export interface GruConfig {
  /** Number of items: rows of the embedding and of the output layer. */
  readonly nItems: number;
  readonly embeddingDim: number;
  readonly hiddenDim: number;
  readonly numLayers: number;
  /** Between layers only, so it has no effect with one layer; must be 0 with more. */
  readonly dropout: number;
  /** A longer history keeps its last `maxSeqLen` items. */
  readonly maxSeqLen: number;
}

const sizes = ["nItems", "embeddingDim", "hiddenDim", "numLayers", "maxSeqLen"] as const;

/**
 * A complete, checked configuration. Defaults: embedding 64, hidden 128, 1 layer, dropout 0.2, length 50.
 *
 * With one layer any dropout in [0, 1] is accepted and does nothing, as in PyTorch. Other keys of `partial` are left out.
 *
 * @throws `USAGE`, naming the key, for a size that is not a positive whole number, more than 1,000 layers, a dropout outside [0,
 * 1], or a dropout other than 0 above one layer. Source: docs/notebook.md, cell 07c-06.
 * @example
 * ```js
 * import { gruConfig, gruParameterLayout } from "@kshot/gru-layout";
 *
 * const config = gruConfig({ nItems: 343 });
 * console.log(config.embeddingDim, config.hiddenDim, gruParameterLayout(config).size); // 64 128 140695
 * ```
 */
export function gruConfig(partial: Partial<GruConfig> & { nItems: number }): GruConfig {
  const config: GruConfig = {
    nItems: partial.nItems,
    embeddingDim: partial.embeddingDim ?? 64,
    hiddenDim: partial.hiddenDim ?? 128,
    numLayers: partial.numLayers ?? 1,
    dropout: partial.dropout ?? 0.2,
    maxSeqLen: partial.maxSeqLen ?? 50,
  };
  for (const key of sizes) {
    const value = config[key];
    if (!Number.isSafeInteger(value) || value < 1) {
      throw usageError({ where: `GRU configuration, ${key}`, found: `${value}`, expected: "a positive whole number" });
    }
  }
  const { dropout, numLayers } = config;
  if (numLayers > mostLayers) {
    throw usageError({
      where: "GRU configuration, numLayers",
      found: `${numLayers}`,
      expected: `at most ${mostLayers}`,
    });
  }
  if (!(dropout >= 0 && dropout <= 1)) {
    throw usageError({ where: "GRU configuration, dropout", found: `${dropout}`, expected: "a number from 0 to 1" });
  }
  if (dropout !== 0 && numLayers > 1) {
    throw usageError({
      where: "GRU configuration, dropout",
      found: `${dropout} with numLayers ${numLayers}`,
      expected: "0: dropout acts only between layers, and is not implemented there",
      todo: "Set dropout to 0, or numLayers to 1, where it has no effect",
    });
  }
  return config;
}
