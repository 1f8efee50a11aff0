import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { dataError, failedError } from "@kshot/contract";
import { type Registry, registrySchema } from "@kshot/contract/schemas";
import { withFileLock } from "./file-lock.js";
import { readJsonFile, writeJsonFile } from "./json-file.js";
import { enclosingProject } from "./project.js";
import { registryPath } from "./registry-path.js";
import { isOutside, type RunEntry } from "./run-directory.js";

/** The registry entry of a file's run. */
export interface RunPlace {
  /** Absolute path of the project folder. */
  readonly project: string;
  readonly runId: string;
  readonly runTag: string;
  /** Absolute path of the run's folder. */
  readonly directory: string;
}

/**
 * Adds a run to `meta.json`. Safe when other processes do the same. Keys of other programs are kept.
 *
 * @throws `FAILED` for a `run_id` that is listed already or if another process keeps the lock, `DATA` for an invalid `meta.json`.
 */
export async function registerRun(project: string, entry: RunEntry): Promise<void> {
  await changeRegistry(project, (registry) => {
    if (registry.runs.some((run) => run.run_id === entry.run_id)) {
      throw failedError({
        where: registryPath(project),
        found: `a run ${entry.run_id} already`,
        expected: "a different id for each run",
      });
    }
    registry.runs.push(entry);
  });
}

/**
 * Counts an evaluation of the test split for a run, in `test_opened`, and returns the new count. Safe when other processes do the
 * same.
 *
 * @throws `DATA` for a run that is not listed or an invalid `meta.json`, `FAILED` if another process keeps the lock.
 */
export async function countTestOpening(project: string, runId: string): Promise<number> {
  let opened = 0;
  await changeRegistry(project, (registry) => {
    const run = registry.runs.find(({ run_id }) => run_id === runId);
    if (run === undefined) {
      throw dataError({
        where: registryPath(project),
        found: `no run ${runId} among ${registry.runs.length}`,
        expected: "the run whose test people are evaluated",
      });
    }
    opened = run.test_opened = (run.test_opened ?? 0) + 1;
  });
  return opened;
}

/** The runs of a project folder, the oldest first; empty if there is no `meta.json`. @throws `DATA` if it is invalid. */
export async function listRuns(project: string): Promise<RunEntry[]> {
  const path = registryPath(project);
  if (!existsSync(path)) return [];
  return (await readJsonFile(path, registrySchema)).runs;
}

/**
 * The run whose folder holds a file: the nearest project folder above the file, and the run of its registry whose `out_dir` holds
 * the file. Undefined if there is none.
 *
 * @throws `DATA` for an invalid `meta.json`.
 */
export async function findRunOf(path: string): Promise<RunPlace | undefined> {
  const project = enclosingProject(dirname(resolve(path)));
  if (project === undefined) return undefined;
  const { runs } = await readJsonFile(registryPath(project), registrySchema);
  for (const { run_id: runId, run_tag: runTag, out_dir: outDir } of runs) {
    const directory = resolve(project, outDir);
    if (!isOutside(directory, resolve(path))) return { project, runId, runTag, directory };
  }
  return undefined;
}

/** Reads, changes and writes the registry under its lock. */
async function changeRegistry(project: string, change: (registry: Registry) => void): Promise<void> {
  const path = registryPath(project);
  await withFileLock(path, async () => {
    const registry = await readJsonFile(path, registrySchema);
    change(registry);
    await writeJsonFile(path, registrySchema, registry);
  });
}
