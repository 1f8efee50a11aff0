import { readdirSync, readFileSync } from "node:fs";
import { type Golden, goldenSchema, parseFile } from "@kshot/contract/schemas";
import { type GruConfig, gruConfig } from "@kshot/gru-layout";

const folder = new URL("../golden/", import.meta.url);

/** Names of the golden files in this package's `golden/`. */
export const goldenFiles: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .sort();

/** One golden file: reference values in float64 by PyTorch's double backward. */
export function readGolden(file: string): Golden {
  return parseFile(goldenSchema, JSON.parse(readFileSync(new URL(file, folder), "utf8")), file);
}

/** The configuration that a golden file's values belong to. */
export function goldenConfig({ config }: Golden): GruConfig {
  const { nItems, embeddingDim, hiddenDim, numLayers, maxSeqLen } = config;
  return gruConfig({ nItems, embeddingDim, hiddenDim, numLayers, maxSeqLen, dropout: 0 });
}

/** A golden file's tensors as one vector, in the order of the file, which is PyTorch's. */
export function flat(parameters: Golden["theta"]): Float64Array {
  return Float64Array.from(Object.values(parameters).flat());
}
