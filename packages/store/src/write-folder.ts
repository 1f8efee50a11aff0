import { existsSync, rmSync } from "node:fs";
import fs from "node:fs/promises";
import { dirname, isAbsolute, resolve, sep } from "node:path";
import { usageError } from "@kshot/contract";
import { recoverReplaced } from "./abandoned.js";
import { syncFolder, temporaryBeside } from "./atomic-rename.js";
import { systemCode, writeError } from "./file-errors.js";
import { type ReplaceRule, requireReplaceable } from "./replaceable.js";
import { type FileContent, writeContent } from "./write-content.js";

/** Files of a folder: path relative to it, with `/`, and content. A `Map` is one. */
export type FolderFiles =
  | Iterable<readonly [path: string, content: FileContent]>
  | AsyncIterable<readonly [path: string, content: FileContent]>;

/** Folders that are being built, each beside the one it will be. */
const unfinished = new Set<string>();

/** Removes what is half built, at once: for a program that is told to stop, before it exits. */
export function removeUnfinishedFolders(): void {
  for (const folder of unfinished) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

/**
 * Writes a folder whole or not at all: built beside as `.name.tmp-…`, then renamed. An existing folder is replaced only if it
 * is empty or the rule allows it; that is checked before the first write, and again before the folder is replaced. Replacing takes
 * two renames: a process killed between them leaves the old folder beside, whole, as `.name.old-…`, and `recoverReplaced` puts it back.
 *
 * @throws `USAGE` for an existing folder that may not be replaced, a file in its place, a path inside that leads out of it or comes
 *   twice, or a place that cannot be written; `FAILED` for a full or broken disk. What was there before is unchanged.
 */
export async function writeFolderAtomic(directory: string, files: FolderFiles, rule?: ReplaceRule): Promise<void> {
  let target = resolve(directory);
  await recoverReplaced(directory);
  await requireFolder(directory);
  await requireReplaceable(directory, rule);
  const exists = existsSync(directory);
  let temporary: string | undefined;
  try {
    // Through a symbolic link to where the folder is: renaming would replace the link and leave the folder.
    if (exists) target = await fs.realpath(target);
    await fs.mkdir(dirname(target), { recursive: true });
    const building = await folderBeside(target);
    temporary = building;
    unfinished.add(building);
    const written = new Set<string>();
    for await (const [path, content] of files) {
      const file = placeInside(building, path, directory);
      if (written.has(file))
        throw usageError({ where: directory, found: `the file ${path} twice`, expected: "each once" });
      written.add(file);
      await fs.mkdir(dirname(file), { recursive: true });
      const handle = await fs.open(file, "wx");
      try {
        await writeContent(handle, content);
      } finally {
        await handle.close();
      }
    }
    // Somebody may have put files there in the meantime.
    await requireReplaceable(directory, rule);
    if (exists) await exchange(building, target);
    else await fs.rename(building, target);
  } catch (cause) {
    if (temporary !== undefined) await fs.rm(temporary, { recursive: true, force: true }).catch(() => {});
    throw writeError(directory, cause);
  } finally {
    if (temporary !== undefined) unfinished.delete(temporary);
  }
  await syncFolder(dirname(target));
}

/** A new, empty folder beside the target, of a name that nobody has. */
async function folderBeside(target: string): Promise<string> {
  for (;;) {
    const path = temporaryBeside(target);
    try {
      await fs.mkdir(path);
      return path;
    } catch (cause) {
      if (systemCode(cause) !== "EEXIST") throw cause;
    }
  }
}

/** @throws `USAGE` for a file where a folder is to be. */
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

/** Puts the new folder in the old one's place; if that fails, the old one is put back. */
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
