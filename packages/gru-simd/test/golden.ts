import { readdirSync, readFileSync } from "node:fs";
import { type Golden, goldenSchema, parseFile } from "@kshot/contract/schemas";
import { gruConfig } from "@kshot/gru-layout";

const folder = new URL("./golden/", import.meta.url);

export const goldenFiles = readdirSync(folder).filter((file) => file.endsWith(".json"));

/** Right values from PyTorch in float64, and the configuration that they belong to. */
export function golden(file: string) {
  const values = parseFile(goldenSchema, JSON.parse(readFileSync(new URL(file, folder), "utf8")), file);
  const { nItems, embeddingDim, hiddenDim, numLayers, maxSeqLen } = values.config;
  return {
    ...values,
    config: gruConfig({ nItems, embeddingDim, hiddenDim, numLayers, maxSeqLen, dropout: 0 }),
  };
}

/** Tensors one after the other, in the order of the file, which is PyTorch's. */
export function flat(parameters: Golden["theta"]): Float64Array {
  return Float64Array.from(Object.values(parameters).flat());
}
