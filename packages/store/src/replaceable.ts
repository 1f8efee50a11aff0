import type { Stats } from "node:fs";
import fs from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { usageError } from "@kshot/contract";
import { systemCode, writeError } from "./file-errors.js";

/** What a writer may replace: only what kshot wrote itself. */
export interface ReplaceRule {
  /** Whether kshot wrote the folder or file that is there. */
  readonly wrote: (existing: string) => boolean | Promise<boolean>;
  /** Whether a folder of this kind has a file of this name, relative to it with `/`; any other file in it is foreign. */
  readonly own?: (name: string) => boolean;
  /** Files that the command reads: none may be replaced. */
  readonly inputs?: readonly string[];
}

/** Foreign files that an error lists. */
const listed = 3;

/**
 * The one rule of every writer that replaces: a folder or file is replaced only where kshot wrote all of it, and nothing that the command
 * reads is among it. Gives what is there now.
 *
 * @throws `USAGE` that names what would be lost.
 */
export async function requireReplaceable(path: string, rule: ReplaceRule | undefined): Promise<"nothing" | "own"> {
  let found: Stats;
  try {
    found = await fs.stat(path);
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return "nothing";
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
          ? "This command reads this file: it would be lost"
          : `This command reads ${input}, which lies in it: it would be lost`,
      expected: "another place for what is written",
      todo: "Choose another --out",
    });
  }
  if (!found.isDirectory()) {
    if (found.isFile() && (await rule?.wrote(path))) return "own";
    throw usageError({
      where: path,
      found: found.isFile() ? "a file of another kind than this command writes" : "no plain file",
      expected: "nothing there yet, or an earlier file of the same kind, which is replaced",
      todo: "Choose another name, or remove it yourself",
    });
  }
  const { files, others } = await contentOf(path);
  if (files.length + others.length === 0) return "own";
  const foreign = [...files.filter((name) => !rule?.own?.(name)), ...others];
  if (foreign.length === 0 && (await rule?.wrote(path))) return "own";
  const strange = foreign.length === 0 || foreign.length === files.length + others.length;
  const list = foreign.slice(0, listed).join(", ");
  const more = foreign.length > listed ? ` and ${foreign.length - listed} more` : "";
  throw usageError({
    where: path,
    found: strange ? "a folder that kshot did not write" : `files in it that kshot did not write: ${list}${more}`,
    expected: "nothing there yet, an empty folder, or one that holds only what kshot wrote",
    todo: "Choose another folder, or remove this one yourself",
  });
}

/** Files of a folder and those inside it, relative with `/`; `others` are links, empty folders and whatever is no plain file. */
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

/** Bytes of a file that are looked at to tell what it is. */
const headBytes = 4096;

/** Whether a file's beginning matches a pattern. A file that cannot be read does not. */
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

/** The beginning of JSON files that say they are kshot's: `schema` or `format` is `kshot.…`. */
export const kshotJson = /^\s*\{\s*"(?:schema|format)"\s*:\s*"kshot\./;
