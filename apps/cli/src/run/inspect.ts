import { alignedLines, dataError } from "@kshot/contract";
import { type Inspection, inspect } from "@kshot/experiment";
import type { InspectFlags } from "../flags/inspect.js";
import { typedPath } from "../paths.js";
import { print } from "../terminal/print.js";
import { textProgress } from "../terminal/progress.js";

/** `kshot inspect`. */
export async function runInspect({ json }: InspectFlags, ...paths: string[]): Promise<void> {
  const progress = textProgress(process.stderr, () => performance.now());
  const found: Inspection[] = [];
  for (const path of paths) {
    const inspection = await inspect(typedPath(path), progress);
    found.push(inspection);
    if (!json) print(`${found.length > 1 ? "\n" : ""}${asText(inspection, path)}`);
  }
  if (json) process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
  const unsound = found.filter(({ problems }) => problems.length > 0);
  if (unsound.length > 0) {
    throw dataError({
      where: unsound.map(({ path }) => path).join(", "),
      found: unsound.flatMap(({ problems }) => problems).join("; "),
      expected: "parts that agree",
    });
  }
}

function asText({ kind, facts, problems }: Inspection, path: string): string {
  const lines = alignedLines(facts).map((line) => `  ${line}`);
  const state = problems.length === 0 ? "sound" : `${problems.length} problem${problems.length === 1 ? "" : "s"}`;
  return `${path}: ${kind}, ${state}\n${lines.join("\n")}\n`;
}
