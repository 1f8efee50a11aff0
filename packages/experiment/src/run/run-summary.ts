import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { type AlgorithmName, algorithmId, type DataSet, type EngineDescription } from "@kshot/contract";
import {
  type Config,
  manifestSchema,
  type RateAnalysis,
  type Results,
  rateAnalysisSchema,
  reportSchema,
} from "@kshot/contract/schemas";
import { gruParameterLayout } from "@kshot/gru-layout";
import { sha256File, writeJsonFile } from "@kshot/store";
import { isMetaLearner } from "../algorithm-table.js";
import type { FinishedNetwork } from "../algorithms/trained-network.js";
import { modelShape } from "../config/engine.js";
import { modelPaths } from "./model-files.js";
import { dataFiles, type OpenRun, posix } from "./open-run.js";
import { rateAnalysis, reportOf } from "./report.js";
import { resultFile } from "./results.js";

/**
 * Writes what a run leaves beside results and models: `lr_analysis.json`, `report.json`, `manifest.json` (cells 07c-09, -12, -13).
 * Gives the statistics of the learned rates; null where none were learned.
 */
export async function writeSummary(options: {
  run: OpenRun;
  data: DataSet;
  results: readonly Results[];
  trained: ReadonlyMap<AlgorithmName, FinishedNetwork>;
  engine: EngineDescription;
}): Promise<RateAnalysis | null> {
  const { run, data, results, trained } = options;
  const { config, directory } = run;
  const outputs: Record<string, string> = {};
  const fingerprints: Record<string, { path: string; bytes: number; sha256: string }> = {};
  for (const { algorithm } of results) {
    const id = algorithmId(algorithm);
    outputs[`results_${id}`] = posix(resultFile(algorithm, data));
    const network = trained.get(algorithm);
    if (!network) continue;
    const { theta, alpha } = modelPaths(network, data.k);
    outputs[`model_${id}`] = posix(theta);
    if (alpha) outputs[`alpha_${id}`] = posix(alpha);
    if (existsSync(join(directory, "models", id, "checkpoints"))) {
      outputs[`checkpoints_${id}`] = `models/${id}/checkpoints`;
    }
    const key = algorithm === "meta-sgd" ? "meta_model" : `${id}_model`;
    fingerprints[key] = { ...(await sha256File(join(directory, theta))), path: posix(theta) };
  }
  const vocabulary = join(run.dataDir, "vocab", "course2id.json");
  fingerprints.vocabulary = { ...(await sha256File(vocabulary)), path: posix(relative(directory, vocabulary)) };

  if (existsSync(join(directory, "rate_analysis.json"))) outputs.rate_analysis = "rate_analysis.json";
  const learned = trained.get("meta-sgd");
  const layout = gruParameterLayout(modelShape(config, data.items.length));
  const rates = learned ? rateAnalysis(learned, layout) : null;
  await writeJsonFile(join(directory, "lr_analysis.json"), rateAnalysisSchema, rates ?? {});
  await writeJsonFile(
    join(directory, "report.json"),
    reportSchema,
    reportOf({
      identity: run.identity,
      name: run.name,
      projectRoot: posix(relative(directory, run.project)),
      config,
      results,
      rates,
      fingerprints,
      trainingIterations: metaIterations(results),
      notes: notes(config),
    }),
  );
  await writeJsonFile(join(directory, "manifest.json"), manifestSchema, {
    run_id: run.identity.runId,
    notebook: run.name,
    run_tag: run.identity.runTag,
    outputs: { report: "report.json", config: "config.json", lr_analysis: "lr_analysis.json", ...outputs },
    inputs: dataFiles(posix(relative(directory, run.dataDir)), config),
    engine: options.engine,
    versions: { node: process.versions.node },
  });
  return rates;
}

/** Meta-iterations made: Meta-SGD's, else another meta-learner's; null without one. */
function metaIterations(results: readonly Results[]): number | null {
  const learners = results.filter(({ algorithm }) => isMetaLearner(algorithm));
  const learner = learners.find(({ algorithm }) => algorithm === "meta-sgd") ?? learners[0];
  return learner ? (learner.history.iteration.at(-1) ?? 0) : null;
}

function notes(config: Config): string[] {
  if (config.metasgd_config.mask !== "notebook") return [];
  return [
    "mask notebook: the state is zeroed at the readout of every sequence shorter than max_seq_len, as in the notebook, so that only fc.bias has a gradient. This reproduces the notebook's plateau; it is not a way to train.",
  ];
}
