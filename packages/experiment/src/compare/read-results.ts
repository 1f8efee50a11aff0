import { existsSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { dataError } from "@kshot/contract";
import { resultsSchema } from "@kshot/contract/schemas";
import { readJsonFile } from "@kshot/store";
import type { NamedResult } from "./same-people.js";

/**
 * Results files by path: a file itself, or all files of a folder's `results/` (a run), or of every run below it (a suite).
 *
 * @throws `DATA` for what is not there, is no results file, or a folder without any.
 */
export async function readResults(paths: readonly string[]): Promise<NamedResult[]> {
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
  const results: NamedResult[] = [];
  for (const file of files) results.push({ file, result: await readJsonFile(file, resultsSchema) });
  return results;
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
