import { mkdirSync } from "node:fs";
import fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recoverReplaced } from "./abandoned.js";
import { temporaryBeside } from "./atomic-rename.js";
import { unfinishedFolders } from "./unfinished-folders.js";

/**
 * Runs `work` with an empty folder in the system's temporary folder that only this user can read. It is removed afterwards, also on
 * a signal that `removeUnfinishedFolders` handles. What a killed process left there is removed at the next call.
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

/** Makes the folder and notes it in one step, so that no signal comes between. Its name is random: nobody can make it before. */
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
