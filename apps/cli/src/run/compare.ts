import { compareResults, compareTable, readResults } from "@kshot/experiment";
import type { CompareFlags } from "../flags/compare.js";
import { typedPath } from "../paths.js";

/** `kshot compare`. */
export async function runCompare({ json, window, ...flags }: CompareFlags, ...paths: string[]): Promise<void> {
  const results = await readResults(paths.map(typedPath));
  const comparison = compareResults(results, { ...flags, ...(window ? { windows: [...new Set(window)] } : {}) });
  process.stdout.write(json ? `${JSON.stringify(comparison)}\n` : `${compareTable(comparison)}\n`);
}
