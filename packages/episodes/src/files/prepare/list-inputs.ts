import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join, relative, resolve, sep } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { dataError, usageError } from "@kshot/contract";
import { textLiteral } from "./readers/sql-text.js";

/**
 * The files that the inputs name, in order: for a folder its files, for a pattern its matches, both in byte order of names.
 *
 * @throws `DATA` for a folder without files and a pattern without matches, `USAGE` for a file that is named twice.
 */
export async function listInputs(database: DuckDBConnection, inputs: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const input of inputs) {
    if (existsSync(input)) {
      files.push(...(statSync(input).isDirectory() ? filesOf(input) : [input]));
    } else if (/[*?[]/.test(input)) {
      const found = await database.runAndReadAll(`SELECT file FROM glob(${textLiteral(input)}) ORDER BY file`);
      const matches = found.getRows().map(([file]) => String(file));
      if (matches.length === 0) {
        throw dataError({ where: input, found: "no file of that pattern", expected: "at least one file of events" });
      }
      files.push(...matches);
    } else files.push(input);
  }
  const full = files.map((file) => resolve(file));
  const twice = files.find((_, i) => full.indexOf(full[i] ?? "") < i);
  if (twice === undefined) return files;
  throw usageError({
    where: "--input",
    found: `${twice} more than once`,
    expected: "each file once: its events would count twice",
  });
}

/** The files of a folder; hidden ones and empty marks such as `_SUCCESS` are left out. */
function filesOf(folder: string): string[] {
  const isMark = (name: string) => name.startsWith("_") && statSync(join(folder, name)).size === 0;
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith(".") && !isMark(entry.name))
    .map(({ name }) => name)
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  if (names.length > 0) return names.map((name) => join(folder, name));
  throw dataError({
    where: folder,
    found: "a folder without files",
    expected: "files of events",
    todo: `Files of folders inside it are read with a pattern in quotes, as '${join(folder, "**/*.csv")}'`,
  });
}

/**
 * Names of the files without the folders that all of them share, so that the account of rows does not depend on where the
 * files are.
 */
export function shortNames(files: readonly string[]): string[] {
  const parts = files.map((file) => resolve(file).split(sep));
  let shared = Math.min(...parts.map((path) => path.length - 1));
  const first = parts[0] ?? [];
  for (let depth = 0; depth < shared; depth++) {
    if (parts.some((path) => path[depth] !== first[depth])) shared = depth;
  }
  const root = first.slice(0, shared).join(sep) || sep;
  return files.map((file) => relative(root, resolve(file)).split(sep).join("/"));
}

/** The person of a file: its name without endings such as .csv and .csv.gz. */
export function personOfFile(file: string): string {
  const name = basename(file);
  const bare = name.replace(/\.gz$/i, "").replace(/\.(csv|tsv|txt|dat|data|log|inter|jsonl|ndjson|json|parquet)$/i, "");
  return bare === "" ? name : bare;
}
