import { existsSync, mkdirSync } from "node:fs";
import fs from "node:fs/promises";
import { dirname, isAbsolute, resolve, sep } from "node:path";
import { systemCodeOf, usageError } from "@kshot/contract";
import { recoverReplaced } from "./abandoned.js";
import { syncFolder, temporaryBeside } from "./atomic-rename.js";
import { writeError } from "./file-errors.js";
import { type ReplaceRule, requireReplaceable } from "./replaceable.js";
import { unfinishedFolders } from "./unfinished-folders.js";
import { type FileContent, writeContent } from "./write-content.js";

/** Files of a folder: relative path with `/`, and content. A `Map` has this type. */
export type FolderFiles =
  | Iterable<readonly [path: string, content: FileContent]>
  | AsyncIterable<readonly [path: string, content: FileContent]>;

/**
 * Writes a folder atomically: builds it as `.name.tmp-…` in the same parent, then renames it. An existing folder is replaced only
 * if it is empty or the rule allows it. This is checked before the first write, and again before the folder is replaced. A
 * replacement takes two renames. A process killed between them leaves the complete old folder as `.name.old-…`, and
 * `recoverReplaced` puts it back.
 *
 * @throws `USAGE` for an existing folder that may not be replaced, a file at its path, a path inside that leads out of it or
 * occurs twice, or a folder that cannot be written; `FAILED` for a full or broken disk. The earlier content is unchanged.
 */
export async function writeFolderAtomic(directory: string, files: FolderFiles, rule?: ReplaceRule): Promise<void> {
  let target = resolve(directory);
  await recoverReplaced(directory);
  await requireFolder(directory);
  await requireReplaceable(directory, rule);
  const exists = existsSync(directory);
  let temporary: string | undefined;
  try {
    // Follows a symbolic link to the folder: a rename would replace the link and keep the folder.
    if (exists) target = await fs.realpath(target);
    await fs.mkdir(dirname(target), { recursive: true });
    const building = folderBeside(target);
    temporary = building;
    const written = new Set<string>();
    for await (const [path, content] of files) {
      const file = placeInside(building, path, directory);
      if (written.has(file))
        throw usageError({ where: directory, found: `the file ${path} twice`, expected: "each once" });
      written.add(file);
      await makeFoldersInside(building, dirname(file));
      const handle = await fs.open(file, "wx");
      try {
        await writeContent(handle, content);
      } finally {
        await handle.close();
      }
    }
    // Another program may have added files in the meantime.
    await requireReplaceable(directory, rule);
    if (exists) await exchange(building, target);
    else await fs.rename(building, target);
  } catch (cause) {
    if (temporary !== undefined) await fs.rm(temporary, { recursive: true, force: true }).catch(() => {});
    throw writeError(directory, cause);
  } finally {
    if (temporary !== undefined) unfinishedFolders.delete(temporary);
  }
  await syncFolder(dirname(target));
}

/**
 * A new, empty folder in the target's parent, with an unused name. It is made and noted as unfinished in one step, so that no signal
 * comes between.
 */
function folderBeside(target: string): string {
  for (;;) {
    const path = temporaryBeside(target);
    try {
      mkdirSync(path);
      unfinishedFolders.add(path);
      return path;
    } catch (cause) {
      if (systemCodeOf(cause) !== "EEXIST") throw cause;
    }
  }
}

/** @throws `USAGE` for a file at the folder's path. */
async function requireFolder(directory: string): Promise<void> {
  const found = await fs.stat(directory).catch(() => undefined);
  if (found === undefined || found.isDirectory()) return;
  throw usageError({
    where: directory,
    found: "a file",
    expected: "a folder, or nothing yet",
    todo: "Choose another folder, or remove this one yourself",
  });
}

/**
 * Makes the folders between an existing folder and one inside it. `mkdir` with `recursive` would make the existing folder again
 * after a signal has removed it, and the files after it would remain.
 */
async function makeFoldersInside(existing: string, folder: string): Promise<void> {
  if (folder === existing) return;
  await makeFoldersInside(existing, dirname(folder));
  try {
    await fs.mkdir(folder);
  } catch (cause) {
    if (systemCodeOf(cause) !== "EEXIST") throw cause;
  }
}

/** A path inside the folder, absolute; refuses one that leads out of it. */
function placeInside(folder: string, path: string, directory: string): string {
  const file = resolve(folder, path);
  if (path !== "" && !isAbsolute(path) && file.startsWith(folder + sep)) return file;
  throw usageError({
    where: directory,
    found: `the file path "${path}"`,
    expected: "a relative path inside the folder",
  });
}

/** Renames the new folder to the old one's path. If that fails, the old one is restored. */
async function exchange(building: string, target: string): Promise<void> {
  const aside = temporaryBeside(target, "old");
  await fs.rename(target, aside);
  try {
    await fs.rename(building, target);
  } catch (cause) {
    await fs.rename(aside, target);
    throw cause;
  }
  await fs.rm(aside, { recursive: true, force: true });
}
