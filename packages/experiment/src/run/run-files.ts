import { dirname, join, relative } from "node:path";
import { isNetwork } from "@kshot/comparison";
import { type AlgorithmName, algorithmId, type DataSet } from "@kshot/contract";
import type { Config } from "@kshot/contract/schemas";

/** Names of a run's files, in its folder. */
export const runFiles = {
  config: "config.json",
  report: "report.json",
  /** Four numbers per tensor. */
  lrAnalysis: "lr_analysis.json",
  /** Distributions per tensor, gate and row, and the gain from each group of tensors. */
  rateAnalysis: "rate_analysis.json",
  /** The settings that the search for the network's size has tried. */
  networkSearch: "network_search.json",
  manifest: "manifest.json",
  page: "report.html",
} as const;

/** Name of the state of a suite, in the folder that holds its runs. */
export const suiteFile = "suite.json";

/** An algorithm's results: `results/<id>_K5_Q10.json`, relative to the run folder. */
export function resultFile(algorithm: AlgorithmName, { k, q }: Pick<DataSet, "k" | "q">): string {
  return join("results", `${algorithmId(algorithm)}_K${k}_Q${q}.json`);
}

/**
 * An algorithm's model, relative to the run folder: `models/<id>/<id>_gru_K5.safetensors` of a network, with its α in a file next
 * to it; `models/<id>/<id>_K5.safetensors` of a counting method or a stack.
 */
export function modelFile(algorithm: AlgorithmName, { k }: Pick<DataSet, "k">): string {
  const id = algorithmId(algorithm);
  return join("models", id, `${id}${isNetwork(algorithm) ? "_gru" : ""}_K${k}.safetensors`);
}

/** The learning rates next to a model. */
export function alphaFile(model: string): string {
  return model.replace(/\.safetensors$/, ".alpha.safetensors");
}

/** The model next to learning rates. */
export function modelOfAlphaFile(rates: string): string {
  return rates.replace(/\.alpha\.safetensors$/, ".safetensors");
}

/** An algorithm's checkpoints, relative to the run folder. */
export function checkpointFolder(algorithm: AlgorithmName): string {
  return join("models", algorithmId(algorithm), "checkpoints");
}

/** A permanent checkpoint, by its iteration. */
export function numberedCheckpoint(algorithm: AlgorithmName, iteration: number): string {
  return `${algorithmId(algorithm)}_checkpoint_${iteration}.safetensors`;
}

/** The checkpoint that is replaced during training. @param part - which of an algorithm's trainings, if it has several */
export function latestCheckpoint(algorithm: AlgorithmName, part?: string): string {
  return `${algorithmId(algorithm)}_${part === undefined ? "" : `${part}_`}latest.safetensors`;
}

/** Whether a file is the latest checkpoint of one of the algorithm's trainings. */
export function isLatestCheckpoint(algorithm: AlgorithmName, name: string): boolean {
  return new RegExp(`^${algorithmId(algorithm)}_(\\w+_)?latest\\.safetensors$`).test(name);
}

/** The iteration of a numbered checkpoint; undefined for any other file. */
export function checkpointIteration(algorithm: AlgorithmName, name: string): number | undefined {
  const found = new RegExp(`^${algorithmId(algorithm)}_checkpoint_(\\d+)\\.safetensors$`).exec(name)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** The input files of a data folder, by their keys in a configuration. */
export function dataFiles(directory: string, { K, Q }: Pick<Config, "K" | "Q">): Record<string, string> {
  const files: Record<string, string> = {};
  for (const split of ["train", "val", "test"] as const) {
    files[`episodes_${split}`] = `${directory}/episodes/episodes_${split}_K${K}_Q${Q}.parquet`;
    files[`pairs_${split}`] = `${directory}/pairs/pairs_${split}.parquet`;
  }
  files.vocab = `${directory}/${vocabularyFile}`;
  return files;
}

/** The vocabulary of a data folder. */
export const vocabularyFile = "vocab/course2id.json";

/** The data folder of a vocabulary file. */
export function folderOfVocabulary(vocabulary: string): string {
  return dirname(dirname(vocabulary));
}

/** A path as stored in files: relative to a folder, with slashes. */
export function relativePath(folder: string, path: string): string {
  return posix(relative(folder, path));
}

/** A path with slashes on every system. */
export function posix(path: string): string {
  return path.replaceAll("\\", "/");
}
