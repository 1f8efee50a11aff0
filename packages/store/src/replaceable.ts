import type { Stats } from "node:fs";
import fs from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { systemCodeOf, usageError } from "@kshot/contract";
import { writeError } from "./file-errors.js";

/** The files that a writer may replace: only files that kshot wrote. */
export interface ReplaceRule {
  /** Whether kshot wrote the existing folder or file. */
  readonly wrote: (existing: string) => boolean | Promise<boolean>;
  /** Whether a folder of this kind has a file of this name (relative path with `/`). All other files in it are foreign. */
  readonly own?: (name: string) => boolean;
  /** Files of a folder, by their relative paths, whose bytes differ from what kshot wrote: somebody edited them. */
  readonly edited?: (folder: string) => Promise<readonly string[]>;
  /** Files that the command reads. None of them may be replaced. */
  readonly inputs?: readonly string[];
}

/** Number of foreign files that an error lists. */
const listed = 3;

/**
 * The rule of every writer that replaces: a folder or file is replaced only if kshot wrote all of it, no person edited it, and the
 * command reads none of it.
 *
 * @returns the existing content
 * @throws `USAGE` that names the files that would be lost.
 */
export async function requireReplaceable(path: string, rule: ReplaceRule | undefined): Promise<"nothing" | "own"> {
  let found: Stats;
  try {
    found = await fs.stat(path);
  } catch (cause) {
    if (systemCodeOf(cause) === "ENOENT") return "nothing";
    throw writeError(path, cause);
  }
  const real = await fs.realpath(path);
  for (const input of rule?.inputs ?? []) {
    const place = await fs.realpath(input).catch(() => resolve(input));
    if (place !== real && !place.startsWith(real + sep)) continue;
    throw usageError({
      where: path,
      found:
        place === real
          ? "This command reads this file, and writing would replace it"
          : `This command reads ${input}, which is in this folder, and writing would replace it`,
      expected: "another path for the output",
      todo: "Choose another --out",
    });
  }
  if (!found.isDirectory()) {
    if (found.isFile() && (await rule?.wrote(path))) return "own";
    throw usageError({
      where: path,
      found: found.isFile() ? "a file of another kind than this command writes" : "not a plain file",
      expected: "nothing there yet, or an earlier file of the same kind, which is replaced",
      todo: "Choose another name, or remove it yourself",
    });
  }
  const { files, others } = await contentOf(path);
  if (files.length + others.length === 0) return "own";
  const foreign = [...files.filter((name) => !rule?.own?.(name)), ...others];
  if (foreign.length === 0 && (await rule?.wrote(path))) {
    const edited = (await rule?.edited?.(path)) ?? [];
    if (edited.length === 0) return "own";
    throw usageError({
      where: path,
      found: `files in it that were changed since kshot wrote them: ${someOf(edited)}`,
      expected: "a folder as kshot wrote it, which is replaced, or nothing there yet",
      todo: "Choose another folder, or keep a copy of these files and remove this folder yourself",
    });
  }
  const strange = foreign.length === 0 || foreign.length === files.length + others.length;
  throw usageError({
    where: path,
    found: strange ? "a folder that kshot did not write" : `files in it that kshot did not write: ${someOf(foreign)}`,
    expected: "nothing there yet, an empty folder, or one that holds only what kshot wrote",
    todo: "Choose another folder, or remove this one yourself",
  });
}

/** The first names of a list, and the number of the others. */
function someOf(names: readonly string[]): string {
  const more = names.length > listed ? ` and ${names.length - listed} more` : "";
  return `${names.slice(0, listed).join(", ")}${more}`;
}

/**
 * Files of a folder and its subfolders, as relative paths with `/`; `others` are links, empty folders and everything else that is
 * not a plain file.
 */
async function contentOf(folder: string): Promise<{ files: string[]; others: string[] }> {
  const files: string[] = [];
  const others: string[] = [];
  const visit = async (below: string): Promise<void> => {
    const entries = await fs.readdir(join(folder, below), { withFileTypes: true });
    if (entries.length === 0 && below !== "") others.push(`${below}/`);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) await visit(name);
      else (entry.isFile() ? files : others).push(name);
    }
  };
  try {
    await visit("");
  } catch (cause) {
    throw writeError(folder, cause);
  }
  return { files, others };
}

/** Number of bytes that are read to recognise a file. */
const headBytes = 4096;

/** Whether a file's beginning matches a pattern. False for a file that cannot be read. */
export async function fileBegins(path: string, pattern: RegExp): Promise<boolean> {
  try {
    const file = await fs.open(path, "r");
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
      return pattern.test(buffer.toString("utf8", 0, bytesRead));
    } finally {
      await file.close();
    }
  } catch {
    return false;
  }
}

/** The beginning of JSON files of kshot: `schema` or `format` is `kshot.…`. */
export const kshotJson = /^\s*\{\s*"(?:schema|format)"\s*:\s*"kshot\./;
