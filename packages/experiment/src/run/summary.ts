import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { isMetaLearner } from "@kshot/comparison";
import { type AlgorithmName, algorithmId, type DataSet, type EngineDescription } from "@kshot/contract";
import {
  type Config,
  type LrAnalysis,
  lrAnalysisSchema,
  manifestSchema,
  type Results,
  reportSchema,
} from "@kshot/contract/schemas";
import { gruParameterLayout } from "@kshot/gru-layout";
import { sha256File, writeJsonFile } from "@kshot/store";
import type { FinishedNetwork } from "../algorithms/index.js";
import { modelShape } from "../config/index.js";
import { lrAnalysis, reportOf } from "./report.js";
import {
  alphaFile,
  checkpointFolder,
  dataFiles,
  modelFile,
  posix,
  relativePath,
  resultFile,
  runFiles,
  vocabularyFile,
} from "./run-files.js";
import type { OpenRun } from "./start-run.js";

/**
 * Writes the remaining files of a run: `lr_analysis.json`, `report.json`, `manifest.json`.
 *
 * @returns the statistics of the learned rates; null if none were learned
 */
export async function writeSummary(options: {
  run: OpenRun;
  data: DataSet;
  results: readonly Results[];
  trained: ReadonlyMap<AlgorithmName, FinishedNetwork>;
  engine: EngineDescription;
}): Promise<LrAnalysis | null> {
  const { run, data, results, trained } = options;
  const { config, directory } = run;
  const outputs: Record<string, string> = {};
  const fingerprints: Record<string, { path: string; bytes: number; sha256: string }> = {};
  for (const { algorithm } of results) {
    const id = algorithmId(algorithm);
    outputs[`results_${id}`] = posix(resultFile(algorithm, data));
    const network = trained.get(algorithm);
    const model = modelFile(algorithm, data);
    if (!existsSync(join(directory, model))) continue;
    const checkpoints = checkpointFolder(algorithm);
    outputs[`model_${id}`] = posix(model);
    if (network !== undefined && network.alpha !== null) outputs[`alpha_${id}`] = posix(alphaFile(model));
    if (existsSync(join(directory, checkpoints))) outputs[`checkpoints_${id}`] = posix(checkpoints);
    const key = algorithm === "meta-sgd" ? "meta_model" : `${id}_model`;
    fingerprints[key] = { ...(await sha256File(join(directory, model))), path: posix(model) };
  }
  const vocabulary = join(run.dataDir, vocabularyFile);
  fingerprints.vocabulary = { ...(await sha256File(vocabulary)), path: relativePath(directory, vocabulary) };

  if (existsSync(join(directory, runFiles.rateAnalysis))) outputs.rate_analysis = runFiles.rateAnalysis;
  if (existsSync(join(directory, runFiles.networkSearch))) outputs.network_search = runFiles.networkSearch;
  const learned = trained.get("meta-sgd");
  const layout = gruParameterLayout(modelShape(config, data.items.length));
  const rates = learned ? lrAnalysis(learned, layout) : null;
  await writeJsonFile(join(directory, runFiles.lrAnalysis), lrAnalysisSchema, rates ?? {});
  await writeJsonFile(
    join(directory, runFiles.report),
    reportSchema,
    reportOf({
      identity: run.identity,
      name: run.name,
      projectRoot: relativePath(directory, run.project),
      config,
      results,
      rates,
      fingerprints,
      trainingIterations: metaIterations(results),
      notes: notes(config),
    }),
  );
  const named = { report: runFiles.report, config: runFiles.config, lr_analysis: runFiles.lrAnalysis, ...outputs };
  await writeJsonFile(join(directory, runFiles.manifest), manifestSchema, {
    run_id: run.identity.runId,
    notebook: run.name,
    run_tag: run.identity.runTag,
    outputs: named,
    files: await hashesOf(directory, Object.values(named)),
    inputs: dataFiles(relativePath(directory, run.dataDir), config),
    engine: options.engine,
    versions: { node: process.versions.node },
  });
  return rates;
}

/** SHA-256 of the run's files; folders are skipped. */
async function hashesOf(directory: string, paths: readonly string[]): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const path of paths) {
    if (statSync(join(directory, path)).isFile()) hashes[path] = (await sha256File(join(directory, path))).sha256;
  }
  return hashes;
}

/** Number of meta-iterations: Meta-SGD's, otherwise another meta-learner's; null without one. */
function metaIterations(results: readonly Results[]): number | null {
  const learners = results.filter(({ algorithm }) => isMetaLearner(algorithm));
  const learner = learners.find(({ algorithm }) => algorithm === "meta-sgd") ?? learners[0];
  return learner ? (learner.history.iteration.at(-1) ?? 0) : null;
}

function notes(config: Config): string[] {
  if (config.metasgd_config.mask !== "notebook") return [];
  return [
    "mask notebook: the output layer reads a state of 0 after every sequence shorter than max_seq_len, so only fc.bias has a gradient. Use it to reproduce results that were computed so (docs/notebook.md), not to train.",
  ];
}
