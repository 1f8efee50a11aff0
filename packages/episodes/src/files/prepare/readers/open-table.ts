import type { DuckDBConnection } from "@duckdb/node-api";
import { openCsv } from "./csv.js";
import { openJson } from "./json.js";
import { openParquet } from "./parquet.js";
import { openSource } from "./source-file.js";
import type { OpenTable, TableFile, TextOptions } from "./table-file.js";

const readers: Readonly<Record<"parquet" | "json" | "text", OpenTable>> = {
  parquet: openParquet,
  json: openJson,
  text: openCsv,
};

/** How a file of rows is opened: how text is read, and its encoding. */
export interface OpenOptions extends TextOptions {
  readonly encoding?: string | undefined;
}

/**
 * Opens a file of rows. Its content determines the format; the ending .tsv means tabs.
 *
 * @throws `DATA` for a file that is missing, unreadable, empty, damaged, or of an unsupported kind.
 */
export async function openTable(database: DuckDBConnection, file: string, options: OpenOptions): Promise<TableFile> {
  const source = await openSource(file, options.encoding);
  const tabs = options.separator === undefined && /\.tsv(\.gz)?$/i.test(file);
  return readers[source.kind](database, source, tabs ? { ...options, separator: "\t" } : options);
}
