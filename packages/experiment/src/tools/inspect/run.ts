import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { algorithmId } from "@kshot/contract";
import { configSchema, manifestSchema, reportSchema, resultsSchema } from "@kshot/contract/schemas";
import { readJsonFile, sha256File } from "@kshot/store";
import { evaluationAt } from "../../run/results.js";
import { type Inspection, whole } from "./inspection.js";
import { inspectResults } from "./results.js";

/** A run folder: what is finished, what can be gone on with, and whether its files are the ones it reports. */
export async function inspectRun(path: string): Promise<Inspection> {
  const config = await readJsonFile(join(path, "config.json"), configSchema);
  const facts: [string, string][] = [
    ["Run", `${config.run_tag ?? "without a tag"}, preset ${config.preset}, seed ${config.seed}`],
    ["Algorithms", config.algorithms.join(", ")],
  ];
  const problems: string[] = [];
  let finished = 0;
  for (const algorithm of config.algorithms) {
    const id = algorithmId(algorithm);
    const file = join(path, "results", `${id}_K${config.K}_Q${config.Q}.json`);
    if (existsSync(file)) {
      finished++;
      const results = await readJsonFile(file, resultsSchema);
      problems.push(...inspectResults(file, results).problems.map((problem) => `${file}: ${problem}`));
      const steps = results.evaluations.some((entry) => entry.steps > 0) ? config.metasgd_config.num_inner_steps : 0;
      const accuracy = (["first", "last"] as const).flatMap((window) => {
        const found = evaluationAt(results, { split: "test", window, steps });
        return found ? [`${found.metrics["accuracy@1"].value.toFixed(4)} (${window})`] : [];
      });
      facts.push([algorithm, `finished, test Acc@1 ${accuracy.join(", ")}`]);
      continue;
    }
    const folder = join(path, "models", id, "checkpoints");
    const checkpoints = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".safetensors")) : [];
    facts.push([
      algorithm,
      checkpoints.length > 0
        ? `stopped, with ${checkpoints.length} checkpoint${checkpoints.length === 1 ? "" : "s"}`
        : "not finished",
    ]);
  }
  const reportFile = join(path, "report.json");
  if (existsSync(reportFile)) {
    const report = await readJsonFile(reportFile, reportSchema);
    for (const [name, { path: file, bytes, sha256 }] of Object.entries(report.data_fingerprints)) {
      if (!existsSync(join(path, file))) {
        problems.push(`${name}: ${file} is not there`);
        continue;
      }
      const now = await sha256File(join(path, file));
      if (now.sha256 !== sha256)
        problems.push(
          `${name}: ${file} has ${whole(now.bytes)} bytes and another SHA-256 than report.json, which says ${whole(bytes)} bytes`,
        );
    }
    const manifest = await readJsonFile(join(path, "manifest.json"), manifestSchema);
    for (const output of Object.values(manifest.outputs)) {
      if (!existsSync(join(path, output))) problems.push(`manifest.json names ${output}, which is not there`);
    }
  }
  facts.push([
    "State",
    existsSync(reportFile)
      ? "finished"
      : `${finished} of ${config.algorithms.length} finished; kshot train --resume ${config.run_tag} goes on`,
  ]);
  return { kind: "run", path, facts, problems };
}
