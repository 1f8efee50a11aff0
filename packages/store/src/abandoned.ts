import { lstatSync, readdirSync } from "node:fs";
import fs from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { beginning, isMakerMark, makerOf, syncFolder, type TemporaryKind } from "./atomic-rename.js";
import { isAlive } from "./process-identity.js";

/**
 * Age in hours at which a temporary file or folder counts as abandoned, if its process cannot be checked (another machine, an
 * earlier version of kshot).
 */
const hoursUntouched = 6;

/**
 * Cleans up after a process that was killed while it wrote `path`. If it died between the two renames that replace a folder, the
 * old folder is restored. Its incomplete files are removed. Files of a living process are not touched.
 *
 * @returns whether a folder was restored
 */
export async function recoverReplaced(path: string): Promise<boolean> {
  const target = resolve(path);
  const recovered = !isThere(target) && (await putBack(target));
  for (const left of abandoned(target, "tmp")) await remove(left);
  if (isThere(target)) for (const left of abandoned(target, "old")) await remove(left);
  return recovered;
}

async function putBack(target: string): Promise<boolean> {
  // The newest one by change time; a rename sets this time.
  const [newest] = abandoned(target, "old").sort((a, b) => lstatSync(b).ctimeMs - lstatSync(a).ctimeMs);
  if (newest === undefined) return false;
  try {
    await fs.rename(newest, target);
  } catch {
    // Another process was faster, or the folder is not writable. A later read reports the problem.
    return false;
  }
  await syncFolder(dirname(target));
  return true;
}

async function remove(left: string): Promise<void> {
  await fs.rm(left, { recursive: true, force: true }).catch(() => {});
}

/** Temporary files and folders of a target whose process has ended. A name that only begins like one may be another program's. */
function abandoned(target: string, kind: TemporaryKind): string[] {
  const folder = dirname(target);
  const start = beginning(target, kind);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names
    .filter((name) => name.startsWith(start) && isMakerMark(name.slice(start.length)))
    .map((name) => join(folder, name))
    .filter(isAbandoned);
}

/** Whether the process of a temporary file or folder has ended. */
function isAbandoned(left: string): boolean {
  const maker = makerOf(basename(left));
  const alive = maker && isAlive(maker);
  return alive === undefined ? hoursSinceTouched(left) > hoursUntouched : !alive;
}

/**
 * Removes the temporary files and folders of killed processes anywhere below a folder. The writer of a file removes only those of
 * that file. This function is for a folder whose files may never be written again. Links are not followed.
 *
 * @returns how many were removed
 */
export async function removeAbandoned(folder: string): Promise<number> {
  let removed = 0;
  const entries = await fs.readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (isTemporary(entry.name)) {
      if (!isAbandoned(path)) continue;
      await remove(path);
      removed++;
    } else if (entry.isDirectory()) removed += await removeAbandoned(path);
  }
  return removed;
}

/** Whether a name is temporary and shows its process; another program does not use such names. */
function isTemporary(name: string): boolean {
  return /^\..+\.tmp-/.test(name) && makerOf(name) !== undefined;
}

/** Hours since the newest change inside. */
function hoursSinceTouched(path: string): number {
  let newest = 0;
  const visit = (at: string) => {
    const found = lstatSync(at);
    newest = Math.max(newest, found.mtimeMs, found.ctimeMs);
    if (found.isDirectory()) for (const name of readdirSync(at)) visit(join(at, name));
  };
  try {
    visit(path);
  } catch {
    return 0;
  }
  return (Date.now() - newest) / 3_600_000;
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // A parent is a file, or a folder without access. A later write reports the problem.
    return false;
  }
}
