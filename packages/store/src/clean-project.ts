import fs from "node:fs/promises";
import { join, resolve } from "node:path";
import { removeAbandoned } from "./abandoned.js";
import { removeEndedLock } from "./file-lock.js";
import { registryPath } from "./registry-path.js";
import { isOutside, type RunEntry } from "./run-directory.js";

/** Projects whose folders were looked through. */
const cleaned = new Set<string>();

/**
 * Removes what killed processes left in a project and what no later write would remove: the lock of the registry, and temporary
 * files in the folder of a run that has no other file. Such a folder is removed too, unless the registry lists it. Files of
 * processes that live, or may live, are kept. The folders of a project are looked through once per process.
 *
 * @param runs the runs of the registry
 */
export async function cleanProject(project: string, runs: readonly RunEntry[]): Promise<void> {
  const root = resolve(project);
  await removeEndedLock(registryPath(root));
  if (cleaned.has(root)) return;
  cleaned.add(root);
  const listed = new Set(runs.map(({ out_dir }) => resolve(root, out_dir)));
  const inside = [...listed].filter((folder) => !isOutside(root, folder) && folder !== root);
  for (const folder of new Set([...inside, ...(await foldersOfRuns(root))])) {
    const names = await namesIn(folder);
    if (names.length === 0 || names.some((name) => !name.startsWith("."))) continue;
    // The process that made the folder made the files too. It has ended, so that it does not write there any more.
    await removeAbandoned(folder);
    // It fails if a file is left.
    if (!listed.has(folder)) await fs.rmdir(folder).catch(() => {});
  }
}

/** The folders `reports/<name>/<tag>`. A link is not followed: what it leads to may not be the project's. */
async function foldersOfRuns(project: string): Promise<string[]> {
  const folders: string[] = [];
  for (const name of await foldersIn(join(project, "reports"))) folders.push(...(await foldersIn(name)));
  return folders;
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await fs.readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
}

/** Names in a folder; none for a file, and for a folder that is absent or cannot be read. */
async function namesIn(folder: string): Promise<string[]> {
  return fs.readdir(folder).catch(() => []);
}
