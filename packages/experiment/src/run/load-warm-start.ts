import { type AlgorithmName, type DataSet, type ParameterVector, usageError } from "@kshot/contract";
import type { GruConfig } from "@kshot/gru-layout";
import { algorithmTitle } from "../algorithm-table.js";
import type { Progress } from "../progress.js";
import { loadNetwork } from "./model-files.js";
import { otherData, requireSameVocabulary } from "./same-vocabulary.js";

/**
 * A model's θ, to start from.
 *
 * @param only the algorithm that it must come from, where it is to be called by that name
 * @throws `USAGE` for one of another shape or algorithm, `DATA` for one of another vocabulary.
 */
export async function loadWarmStart(
  file: string,
  wanted: GruConfig,
  { data, progress, only }: { data: DataSet; progress: Progress; only?: AlgorithmName },
): Promise<ParameterVector> {
  const { shape, theta, metadata } = await loadNetwork(file);
  const refused = (found: string, expected: string) => usageError({ where: `--warm-start ${file}`, found, expected });
  for (const key of ["nItems", "embeddingDim", "hiddenDim", "numLayers"] as const) {
    if (shape[key] !== wanted[key]) throw refused(`${key} ${shape[key]}`, `${key} ${wanted[key]}`);
  }
  if (only !== undefined && metadata.algorithm !== only) {
    throw refused(
      `a model of ${algorithmTitle(metadata.algorithm)}`,
      `one of ${algorithmTitle(only)}: it is fine-tuned`,
    );
  }
  requireSameVocabulary(file, metadata.items, data, "the data folder");
  if (metadata.dataFingerprint !== data.fingerprint) progress({ type: "note", text: otherData(file) });
  return theta;
}
