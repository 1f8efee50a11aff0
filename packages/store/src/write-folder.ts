import { rmSync, type Stats } from "node:fs";
import fs from "node:fs/promises";
import { dirname, isAbsolute, join, resolve, sep } from "node:path";
import { usageError } from "@kshot/contract";
import { syncFolder, temporaryBeside } from "./atomic-rename.js";
import { systemCode, writeError } from "./file-errors.js";
import { type FileContent, writeContent } from "./write-content.js";

/** Files of a folder: path relative to it, with `/`, and content. A `Map` is one. */
export type FolderFiles =
  | Iterable<readonly [path: string, content: FileContent]>
  | AsyncIterable<readonly [path: string, content: FileContent]>;

/** When an existing folder may be replaced; without either, only an empty one. */
export interface WriteFolderOptions {
  /** Says whether kshot wrote the existing folder. */
  readonly replace?: (existing: string) => boolean | Promise<boolean>;
  /** A JSON file of the folder whose `format` or `schema` begins with `kshot.`: where the existing folder holds it, kshot wrote it. */
  readonly ownedBy?: string;
}

/** Folders that are being built, each beside the one it will be. */
const unfinished = new Set<string>();

/** Removes what is half built, at once: for a program that is told to stop, before it exits. */
export function removeUnfinishedFolders(): void {
  for (const folder of unfinished) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

/**
 * Writes a folder whole or not at all: built beside as `.name.tmp-…`, then renamed. An existing folder is replaced only
 * where kshot wrote it, or where it is empty; whether it may is asked before anything is written. Replacing takes two
 * renames: a process killed between them leaves the old folder beside, whole, as `.name.old-…`.
 *
 * @throws `USAGE` for an existing folder that is not ours, a file in its place, a path inside that leads out of it or comes
 *   twice, or a place that cannot be written; `FAILED` for a full or broken disk. What was there before is unchanged.
 */
export async function writeFolderAtomic(
  directory: string,
  files: FolderFiles,
  options: WriteFolderOptions = {},
): Promise<void> {
  let target = resolve(directory);
  const exists = await mayBeWritten(directory, options);
  let temporary: string | undefined;
  try {
    // Through a symbolic link to where the folder is: renaming would replace the link and leave the folder.
    if (exists) target = await fs.realpath(target);
    await fs.mkdir(dirname(target), { recursive: true });
    const building = temporaryBeside(target);
    await fs.mkdir(building);
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

/** Whether the folder exists; refuses one that is not to be replaced. */
async function mayBeWritten(directory: string, { replace, ownedBy }: WriteFolderOptions): Promise<boolean> {
  let found: Stats;
  try {
    found = await fs.stat(directory);
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return false;
    throw writeError(directory, cause);
  }
  const refused = { where: directory, todo: "Choose another folder, or remove this one yourself" };
  if (!found.isDirectory()) throw usageError({ ...refused, found: "a file", expected: "a folder, or nothing yet" });
  let entries: string[];
  try {
    entries = await fs.readdir(directory);
  } catch (cause) {
    throw writeError(directory, cause);
  }
  if (entries.length === 0) return true;
  if (replace !== undefined && (await replace(directory))) return true;
  if (ownedBy !== undefined && (await holdsOwnFile(join(directory, ownedBy)))) return true;
  throw usageError({
    ...refused,
    found: "a folder that kshot did not write",
    expected: "nothing there yet, an empty folder, or one that kshot wrote",
  });
}

/** Whether a file is JSON that kshot wrote. Anything unreadable is not. */
async function holdsOwnFile(path: string): Promise<boolean> {
  try {
    const value: unknown = JSON.parse(await fs.readFile(path, "utf8"));
    const { format, schema } = value as { format?: unknown; schema?: unknown };
    return [format, schema].some((mark) => typeof mark === "string" && mark.startsWith("kshot."));
  } catch {
    return false;
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
