import { existsSync } from "node:fs";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { dataError, failedError } from "@kshot/contract";
import { type Registry, registrySchema } from "@kshot/contract/schemas";
import { withFileLock } from "./file-lock.js";
import { readJsonFile, writeJsonFile } from "./json-file.js";
import { enclosingProject, registryPath } from "./project.js";

/** A run as `meta.json` lists it. */
export type RunEntry = Registry["runs"][number];

/** Where a file's run is listed. */
export interface RunPlace {
  /** Absolute path of the project folder. */
  readonly project: string;
  readonly runId: string;
  readonly runTag: string;
  /** Absolute path of the run's folder. */
  readonly directory: string;
}

/**
 * Adds a run to `meta.json` (notebook cell 07c-03). Safe against other processes that do the same; keys of other programs
 * are kept.
 *
 * @throws `FAILED` for a `run_id` that is listed already or a lock that stays held, `DATA` for a `meta.json` that is none.
 */
export async function registerRun(project: string, entry: RunEntry): Promise<void> {
  await changeRegistry(project, (registry) => {
    if (registry.runs.some((run) => run.run_id === entry.run_id)) {
      throw failedError({
        where: registryPath(project),
        found: `a run ${entry.run_id} already`,
        expected: "an id of its own for every run",
      });
    }
    registry.runs.push(entry);
  });
}

/**
 * Counts an opening of the test split for a run, in `test_opened`; gives the new count. Safe against other processes.
 *
 * @throws `DATA` for a run that is not listed or a `meta.json` that is none, `FAILED` for a lock that stays held.
 */
export async function countTestOpening(project: string, runId: string): Promise<number> {
  let opened = 0;
  await changeRegistry(project, (registry) => {
    const run = registry.runs.find(({ run_id }) => run_id === runId);
    if (run === undefined) {
      throw dataError({
        where: registryPath(project),
        found: `no run ${runId} among ${registry.runs.length}`,
        expected: "the run whose test split is opened",
      });
    }
    opened = run.test_opened = (run.test_opened ?? 0) + 1;
  });
  return opened;
}

/** The runs of a project folder, the oldest first; none where there is no `meta.json`. @throws `DATA` for one that is none. */
export async function listRuns(project: string): Promise<RunEntry[]> {
  const path = registryPath(project);
  if (!existsSync(path)) return [];
  return (await readJsonFile(path, registrySchema)).runs;
}

/**
 * The run whose folder a file lies in: the nearest project folder above the file, and the run of its registry whose `out_dir`
 * holds the file. Undefined where there is none.
 *
 * @throws `DATA` for a `meta.json` that is none.
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
 * @throws `DATA` for an `out_dir` that leads out of the project folder: nothing outside it is written to.
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

/** Reads, changes and writes the registry while no other process does. */
async function changeRegistry(project: string, change: (registry: Registry) => void): Promise<void> {
  const path = registryPath(project);
  await withFileLock(path, async () => {
    const registry = await readJsonFile(path, registrySchema);
    change(registry);
    await writeJsonFile(path, registrySchema, registry);
  });
}
