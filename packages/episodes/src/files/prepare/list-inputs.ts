import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join, relative, resolve, sep } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { dataError, usageError } from "@kshot/contract";
import { withDatabase } from "./event-database.js";
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
      const found = await database.runAndReadAll(
        `SELECT file FROM glob(${textLiteral(patternOf(input))}) ORDER BY file`,
      );
      const matches = found.getRows().map(([file]) => String(file));
      if (matches.length === 0) {
        throw dataError({ where: input, found: "no file of that pattern", expected: "at least one file of events" });
      }
      files.push(...matches);
    } else files.push(input);
  }
  const known = new Map<string, string>();
  for (const file of files) {
    const identity = identityOf(file);
    const first = known.get(identity);
    known.set(identity, file);
    if (first === undefined) continue;
    throw usageError({
      where: "--input",
      found:
        resolve(first) === resolve(file) ? `${file} more than once` : `${file}, which is the same file as ${first}`,
      expected: "each file once: its events would count twice",
    });
  }
  return files;
}

/** A pattern in which names of folders that are there are not read as patterns: `data[1]/*.csv` is in the folder `data[1]`. */
function patternOf(input: string): string {
  const parts = input.split("/");
  const literal = parts.map((part, i) => /[*?[]/.test(part) && existsSync(parts.slice(0, i + 1).join("/")));
  return parts.map((part, i) => (literal[i] ? part.replace(/[*?[]/g, "[$&]") : part)).join("/");
}

/** The identity of a file under any name or link; the path of a missing file. */
function identityOf(file: string): string {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found === undefined || found.ino === 0n ? resolve(file) : `${found.dev}:${found.ino}`;
}

/**
 * The files that the inputs name, as `listInputs`. A program that must not replace its inputs asks for them first.
 *
 * @throws as `listInputs`
 */
export async function inputFiles(inputs: readonly string[]): Promise<readonly string[]> {
  return withDatabase(undefined, (database) => listInputs(database, inputs));
}

/** The files of a folder; hidden ones and empty marks such as `_SUCCESS` are left out. */
function filesOf(folder: string): string[] {
  const names = readdirSync(folder)
    .filter((name) => {
      const found = statSync(join(folder, name), { throwIfNoEntry: false });
      return !name.startsWith(".") && !found?.isDirectory() && !(name.startsWith("_") && found?.size === 0);
    })
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
