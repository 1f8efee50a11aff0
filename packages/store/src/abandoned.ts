import { lstatSync, readdirSync } from "node:fs";
import fs from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { beginning, makerOf, syncFolder, type TemporaryKind } from "./atomic-rename.js";
import { isAlive } from "./process-identity.js";

/** Hours after which what nobody wrote to is abandoned, where its process cannot be asked for: another machine's, an earlier version's. */
const hoursUntouched = 6;

/**
 * Puts right what a process left that was killed while it wrote `path`: where it died between the two renames that replace a folder, the
 * old folder is put back; what it had half built is removed. What a living process is at stays as it is.
 *
 * @returns whether something was put back
 */
export async function recoverReplaced(path: string): Promise<boolean> {
  const target = resolve(path);
  const recovered = !isThere(target) && (await putBack(target));
  for (const left of abandoned(target, "tmp")) await remove(left);
  if (isThere(target)) for (const left of abandoned(target, "old")) await remove(left);
  return recovered;
}

async function putBack(target: string): Promise<boolean> {
  // The newest by its change time, which a rename sets.
  const [newest] = abandoned(target, "old").sort((a, b) => lstatSync(b).ctimeMs - lstatSync(a).ctimeMs);
  if (newest === undefined) return false;
  try {
    await fs.rename(newest, target);
  } catch {
    // Another process was faster, or the folder may not be written to: reading says what is wrong.
    return false;
  }
  await syncFolder(dirname(target));
  return true;
}

async function remove(left: string): Promise<void> {
  await fs.rm(left, { recursive: true, force: true }).catch(() => {});
}

/** What lies beside a target under a temporary name whose process is gone. */
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
    .filter((name) => name.startsWith(start))
    .map((name) => join(folder, name))
    .filter((left) => {
      const maker = makerOf(basename(left));
      const alive = maker && isAlive(maker);
      return alive === undefined ? hoursSinceTouched(left) > hoursUntouched : !alive;
    });
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
    // A file on the way, or a folder that may not be entered: writing says so.
    return false;
  }
}
