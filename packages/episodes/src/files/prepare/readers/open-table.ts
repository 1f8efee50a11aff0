import { constants, createReadStream, existsSync, statSync } from "node:fs";
import { access } from "node:fs/promises";
import type { DuckDBConnection } from "@duckdb/node-api";
import { dataError } from "@kshot/contract";
import { openCsv } from "./csv.js";
import { openJson } from "./json.js";
import { openParquet } from "./parquet.js";
import type { OpenTable, TableFile } from "./table-file.js";

const formats = "CSV, TSV, JSON lines (.jsonl, .ndjson, .json) or Parquet; text may be packed (.gz)";

/** Readers by the end of a file's name; anything else is text with columns. */
const readers: readonly (readonly [pattern: RegExp, open: OpenTable])[] = [
  [/\.parquet$/i, openParquet],
  [/\.(jsonl|ndjson|json)(\.gz)?$/i, openJson],
  [/\.tsv(\.gz)?$/i, (database, file) => openCsv(database, file, "\t")],
  [/./, openCsv],
];

/** Names that promise what is not read, and what to do about it. */
const refused: readonly (readonly [pattern: RegExp, todo: string])[] = [
  [/\.(zip|7z|rar|tar|tgz|tar\.gz)$/i, "Unpack it first"],
  [/\.(zst|bz2|xz)$/i, "Unpack it first, or pack it as .gz"],
  [/\.(xlsx?|ods)$/i, "Save the sheet as CSV"],
];

/**
 * Opens a file of rows; its name's end tells the format.
 *
 * @throws a `DATA` error: not there, not readable, empty, or of a kind that is not read.
 */
export async function openTable(database: DuckDBConnection, file: string): Promise<TableFile> {
  if (!existsSync(file))
    throw dataError({ where: file, found: "no such file", expected: `a file of rows: ${formats}` });
  if (statSync(file).isDirectory()) {
    throw dataError({ where: file, found: "a folder", expected: `a file of rows: ${formats}` });
  }
  for (const [pattern, todo] of refused) {
    if (pattern.test(file)) throw dataError({ where: file, found: "a file that is not read", expected: formats, todo });
  }
  try {
    await access(file, constants.R_OK);
  } catch (cause) {
    throw dataError({ where: file, found: "no permission to read it", expected: "a readable file", cause });
  }
  if (statSync(file).size === 0) {
    throw dataError({ where: file, found: "an empty file", expected: `rows: ${formats}` });
  }
  await refuseOtherEncoding(file);
  const [, openIt] = readers.find(([pattern]) => pattern.test(file))!;
  return openIt(database, file);
}

/** Files from spreadsheets are often UTF-16, which would read as one long wrong word. */
async function refuseOtherEncoding(file: string): Promise<void> {
  for await (const bytes of createReadStream(file, { end: 1 })) {
    const mark = (bytes as Buffer).toString("hex");
    if (mark !== "fffe" && mark !== "feff") return;
    throw dataError({ where: file, found: "text in UTF-16", expected: "UTF-8", todo: "Save it as UTF-8" });
  }
}
