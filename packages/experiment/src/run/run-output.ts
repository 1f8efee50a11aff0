import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { resultsSchema } from "@kshot/contract/schemas";
import { readJsonFile, sha256File } from "@kshot/store";
import { posix, runFiles } from "./run-files.js";

/**
 * The hash of a run's output, without the parts that may differ between equal runs: results without `volatile` and without the
 * count of test evaluations, models, the analysis of the rates. Two runs with the same configuration, data, seed and build have
 * the same hash.
 *
 * @param directory - the run's folder, absolute
 * @returns 64 hexadecimal digits
 * @throws `DATA` for invalid results.
 */
export async function runOutput(directory: string): Promise<string> {
  const hash = createHash("sha256");
  for (const file of await filesBelow(directory, "results", ".json")) {
    // The number of earlier evaluations of the test people depends on other runs.
    const { volatile: _, test: __, ...results } = await readJsonFile(join(directory, file), resultsSchema);
    hash.update(`${file}\n${JSON.stringify(results)}\n`);
  }
  const models = (await filesBelow(directory, "models", ".safetensors")).filter(
    (file) => !file.includes("/checkpoints/"),
  );
  const analyses = [runFiles.rateAnalysis, runFiles.lrAnalysis].filter((file) => existsSync(join(directory, file)));
  for (const file of [...models, ...analyses])
    hash.update(`${file} ${(await sha256File(join(directory, file))).sha256}\n`);
  return hash.digest("hex");
}

/** Files below a folder of the run, relative to the run with `/`, sorted; empty if the folder does not exist. */
async function filesBelow(directory: string, folder: string, ending: string): Promise<string[]> {
  if (!existsSync(join(directory, folder))) return [];
  const names = await readdir(join(directory, folder), { recursive: true });
  return names
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${posix(name)}`)
    .sort();
}
