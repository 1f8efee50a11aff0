import { mkdirSync } from "node:fs";
import fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recoverReplaced } from "./abandoned.js";
import { temporaryBeside } from "./atomic-rename.js";
import { unfinishedFolders } from "./unfinished-folders.js";

/**
 * Runs `work` with an empty folder in the system's temporary folder that only this user can read. It is removed afterwards, also on
 * a signal that `removeUnfinishedFolders` handles. Files that a killed process left there are removed at the next call.
 *
 * @param work gets undefined if the temporary folder cannot be written (a TMPDIR that does not exist)
 */
export async function withScratchFolder<Result>(
  work: (folder: string | undefined) => Promise<Result>,
): Promise<Result> {
  const place = join(tmpdir(), "kshot-scratch");
  await recoverReplaced(place);
  const folder = privateFolder(place);
  try {
    return await work(folder);
  } finally {
    if (folder !== undefined) {
      await fs.rm(folder, { recursive: true, force: true }).catch(() => {});
      unfinishedFolders.delete(folder);
    }
  }
}

/**
 * Creates and records the folder synchronously, so no signal is handled between the two. Its name is random, so another user
 * cannot create it first.
 */
function privateFolder(place: string): string | undefined {
  const folder = temporaryBeside(place);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch {
    return undefined;
  }
  unfinishedFolders.add(folder);
  return folder;
}
