import { existsSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { NamedResults } from "@kshot/comparison";
import { dataError, type KshotError } from "@kshot/contract";
import { type Results, resultsSchema, suiteStateSchema } from "@kshot/contract/schemas";
import { readJsonFile } from "@kshot/store";
import { suiteFile } from "./run-files.js";

/** A results file that was read from disk. */
export type NamedRun = NamedResults & { readonly results: Results };

/**
 * Results files by path: a file itself, or all files of a folder's `results/` (a run), or of every run below it (a suite).
 *
 * @param options.onDamage called for each file that was changed since kshot wrote it; if omitted, this is an error
 * @throws `DATA` for a missing path, a file that is not a results file, or a folder without any.
 */
export async function readResults(
  paths: readonly string[],
  options: { readonly onDamage?: (error: KshotError) => void } = {},
): Promise<NamedRun[]> {
  const files: string[] = [];
  for (const path of paths) {
    if (!existsSync(path))
      throw dataError({ where: path, found: "nothing there", expected: "a results file or a folder" });
    if (!statSync(path).isDirectory()) {
      files.push(path);
      continue;
    }
    const inside = await resultsBelow(path);
    if (inside.length === 0) {
      throw dataError({
        where: path,
        found: "no results/*.json in it or below it",
        expected: "the folder of a run or of a suite, or results files",
      });
    }
    files.push(...inside);
  }
  const labels = new Map<string, Map<string, string>>();
  const results: NamedRun[] = [];
  for (const file of files) {
    const run = dirname(dirname(file));
    const suite = join(dirname(run), suiteFile);
    const names = labels.get(suite) ?? (await runNames(suite));
    labels.set(suite, names);
    const label = names.get(basename(run));
    results.push({
      name: file,
      results: await readJsonFile(file, resultsSchema, options),
      ...(label === undefined ? {} : { label }),
    });
  }
  return results;
}

/** The names of a suite's runs, by their tags; empty without a suite. */
async function runNames(suite: string): Promise<Map<string, string>> {
  if (!existsSync(suite)) return new Map();
  const { runs } = await readJsonFile(suite, suiteStateSchema);
  return new Map(runs.map(({ run_tag, name }) => [run_tag, name]));
}

async function resultsBelow(directory: string): Promise<string[]> {
  const own = join(directory, "results");
  if (existsSync(own)) {
    return (await readdir(own))
      .filter((name) => name.endsWith(".json"))
      .sort()
      .map((name) => join(own, name));
  }
  const below = (await readdir(directory, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const found: string[] = [];
  for (const { name } of below.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const results = join(directory, name, "results");
    if (existsSync(results)) found.push(...(await resultsBelow(join(directory, name))));
  }
  return found;
}
