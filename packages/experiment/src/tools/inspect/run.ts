import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { whole } from "@kshot/contract";
import { type Config, configSchema, manifestSchema, type Results, reportSchema } from "@kshot/contract/schemas";
import { readJsonFile, sha256File } from "@kshot/store";
import { windows } from "../../evaluation/index.js";
import { checkpointFolder, evaluationAt, resultFile, runFiles } from "../../run/index.js";
import type { Inspection } from "./inspection.js";
import { inspectResultsFile } from "./results.js";

/** A run folder: finished algorithms, algorithms that can be resumed, and whether its files are those of its report. */
export async function inspectRun(path: string): Promise<Inspection> {
  const config = await readJsonFile(join(path, runFiles.config), configSchema);
  const facts: [string, string][] = [
    ["Run", `${config.run_tag ?? "without a tag"}, preset ${config.preset}, seed ${config.seed}`],
    ["Algorithms", config.algorithms.join(", ")],
  ];
  const problems: string[] = [];
  let finished = 0;
  for (const algorithm of config.algorithms) {
    const file = join(path, resultFile(algorithm, { k: config.K, q: config.Q }));
    if (existsSync(file)) {
      finished++;
      const { results, problems: found } = await inspectResultsFile(file);
      problems.push(...found.map((problem) => `${file}: ${problem}`));
      facts.push([
        algorithm,
        results.evaluations.length === 0
          ? "finished, trained on everyone: not evaluated"
          : `finished, test Acc@1 ${accuracies(results, config)}`,
      ]);
      continue;
    }
    const folder = join(path, checkpointFolder(algorithm));
    const count = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".safetensors")).length : 0;
    const state = count > 0 ? `stopped, with ${count} checkpoint${count === 1 ? "" : "s"}` : "not finished";
    facts.push([algorithm, state]);
  }
  const isFinished = existsSync(join(path, runFiles.report));
  if (isFinished) problems.push(...(await changedFiles(path)), ...(await missingOutputs(path)));
  facts.push([
    "State",
    isFinished
      ? "finished"
      : `${finished} of ${config.algorithms.length} finished; kshot train --resume ${config.run_tag} resumes`,
  ]);
  return { kind: "run", path, facts, problems };
}

/** Accuracy@1 on the test people with the support pairs, for each window that was evaluated. */
function accuracies(results: Results, { metasgd_config }: Config): string {
  const steps = results.evaluations.some((entry) => entry.steps > 0) ? metasgd_config.num_inner_steps : 0;
  return windows
    .flatMap((window) => {
      const found = evaluationAt(results, { split: "test", window, steps });
      return found ? [`${found.metrics["accuracy@1"].value.toFixed(4)} (${window})`] : [];
    })
    .join(", ");
}

/** Files that are missing or differ from the report. */
async function changedFiles(path: string): Promise<string[]> {
  const problems: string[] = [];
  const report = await readJsonFile(join(path, runFiles.report), reportSchema);
  for (const [name, { path: file, bytes, sha256 }] of Object.entries(report.data_fingerprints)) {
    if (!existsSync(join(path, file))) {
      problems.push(`${name}: ${file} is missing`);
      continue;
    }
    const now = await sha256File(join(path, file));
    if (now.sha256 === sha256) continue;
    problems.push(
      `${name}: ${file} has ${whole(now.bytes)} bytes and another SHA-256 than report.json, which says ${whole(bytes)} bytes`,
    );
  }
  return problems;
}

async function missingOutputs(path: string): Promise<string[]> {
  const manifest = await readJsonFile(join(path, runFiles.manifest), manifestSchema);
  const problems = Object.values(manifest.outputs).flatMap((output) =>
    existsSync(join(path, output)) ? [] : [`manifest.json names ${output}, which is missing`],
  );
  for (const [file, sha256] of Object.entries(manifest.files ?? {})) {
    if (!existsSync(join(path, file)) || (await sha256File(join(path, file))).sha256 === sha256) continue;
    problems.push(`${file} has another SHA-256 than manifest.json says: it was changed after it was written`);
  }
  return problems;
}
