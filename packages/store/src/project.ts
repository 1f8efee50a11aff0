import { statSync } from "node:fs";
import fs from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { systemCodeOf } from "@kshot/contract";
import { registrySchema } from "@kshot/contract/schemas";
import { cleanProject } from "./clean-project.js";
import { writeError } from "./file-errors.js";
import { withFileLock } from "./file-lock.js";
import { readJsonFile, writeJsonFile } from "./json-file.js";
import { registryPath } from "./registry-path.js";

/** The nearest folder from `start` upwards that holds `meta.json`, absolute; undefined if there is none. */
export function enclosingProject(start: string): string | undefined {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    if (isFile(registryPath(folder))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/** Whether a file exists. A file in a folder without access cannot be used, so it counts as absent. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * The project folder for the working folder `start`: the nearest of `start` and its ancestors that holds `meta.json`, otherwise
 * `<start>/kshot-runs`, which may not exist yet. Absolute.
 */
export function findProject(start: string): string {
  return enclosingProject(start) ?? resolve(start, "kshot-runs");
}

/**
 * Opens a project folder. Creates it and its `meta.json` (`{ "runs": [] }`) if they do not exist. Removes what killed processes
 * left in it.
 *
 * @returns its absolute path
 * @throws `USAGE` for a path where no folder can be created, `DATA` for an invalid `meta.json`.
 */
export async function openProject(directory: string): Promise<string> {
  const project = resolve(directory);
  try {
    await fs.mkdir(project, { recursive: true });
  } catch (cause) {
    throw writeError(directory, cause);
  }
  const registry = registryPath(project);
  if (!(await exists(registry))) {
    await withFileLock(registry, async () => {
      if (!(await exists(registry))) await writeJsonFile(registry, registrySchema, { runs: [] });
    });
  }
  const { runs } = await readJsonFile(registry, registrySchema);
  await cleanProject(project, runs);
  return project;
}

async function exists(path: string): Promise<boolean> {
  try {
    await fs.stat(path);
    return true;
  } catch (cause) {
    if (systemCodeOf(cause) === "ENOENT") return false;
    throw writeError(path, cause);
  }
}
