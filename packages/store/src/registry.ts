import { existsSync } from "node:fs";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { dataError, failedError } from "@kshot/contract";
import { type Registry, registrySchema } from "@kshot/contract/schemas";
import { withFileLock } from "./file-lock.js";
import { readJsonFile, writeJsonFile } from "./json-file.js";
import { enclosingProject, registryPath } from "./project.js";

/** A run as `meta.json` lists it. */
export type RunEntry = Registry["runs"][number];

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

/**
 * The folder of a run, absolute.
 *
 * @throws `DATA` for an `out_dir` outside the project folder: nothing outside it is written.
 */
export function runDirectory(project: string, { run_id, out_dir }: RunEntry): string {
  const directory = resolve(project, out_dir);
  if (!isOutside(resolve(project), directory) && directory !== resolve(project)) return directory;
  throw dataError({
    where: `${registryPath(project)}, run ${run_id}, out_dir`,
    found: JSON.stringify(out_dir),
    expected: "a folder inside the project folder, as reports/<name>/<tag>",
  });
}

function isOutside(folder: string, path: string): boolean {
  const inside = relative(folder, path);
  return isAbsolute(inside) || inside === ".." || inside.startsWith(`..${sep}`);
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
