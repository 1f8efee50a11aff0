import { algorithmTitle } from "@kshot/comparison";
import { type AlgorithmName, type DataSet, usageError } from "@kshot/contract";
import type { GruConfig } from "@kshot/gru-layout";
import type { FinishedNetwork, StartNetworks } from "../algorithms/index.js";
import { warmStartOf } from "../config/index.js";
import type { Progress } from "../progress.js";
import { loadNetwork } from "./model-files.js";
import { otherData, requireSameVocabulary } from "./same-vocabulary.js";
import type { OpenRun } from "./start-run.js";

/** The requirements for a model that a run starts from. */
export interface WantedStart {
  readonly shape: GruConfig;
  readonly data: DataSet;
  readonly progress: Progress;
  /** The required algorithm. */
  readonly only?: AlgorithmName;
}

/**
 * A model to start from.
 *
 * @throws `USAGE` for one of another shape or algorithm, `DATA` for one of another vocabulary.
 */
export async function loadStart(file: string, { shape, data, progress, only }: WantedStart): Promise<FinishedNetwork> {
  const { metadata, ...network } = await loadNetwork(file);
  const refused = (found: string, expected: string) => usageError({ where: `--warm-start ${file}`, found, expected });
  for (const key of ["nItems", "embeddingDim", "hiddenDim", "numLayers"] as const) {
    if (network.shape[key] !== shape[key]) throw refused(`${key} ${network.shape[key]}`, `${key} ${shape[key]}`);
  }
  if (only !== undefined && metadata.algorithm !== only) {
    throw refused(
      `a model of ${algorithmTitle(metadata.algorithm)}`,
      `one of ${algorithmTitle(only)}: it is fine-tuned`,
    );
  }
  requireSameVocabulary(file, metadata.items, data, "the data folder");
  const trainedOn = metadata.dataFingerprint;
  if (trainedOn !== data.fingerprint) progress({ type: "note", text: otherData(file, trainedOn) });
  return { algorithm: metadata.algorithm, theta: network.theta, alpha: network.alpha };
}

/** The networks that a run can start from: those that it has trained, and the one of its file. */
export function startNetworks(
  { config, warmStartFile }: OpenRun,
  trained: ReadonlyMap<AlgorithmName, FinishedNetwork>,
  wanted: Omit<WantedStart, "only">,
): StartNetworks {
  const start = warmStartOf(config);
  const file = warmStartFile ?? (start.kind === "file" ? start.path : config.metasgd_config.warm_start) ?? "";
  return {
    own: (algorithm) => trained.get(algorithm),
    fromFile: (only) => loadStart(file, only === undefined ? wanted : { ...wanted, only }),
  };
}
