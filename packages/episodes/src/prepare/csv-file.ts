import { existsSync } from "node:fs";
import type { DuckDBConnection } from "@duckdb/node-api";
import { dataError, type KshotError } from "@kshot/contract";
import { distance } from "fastest-levenshtein";

/** A CSV file with a header line: commas, `"` around fields that need it (doubled inside), UTF-8, LF or CRLF; `.gz` is unpacked. */
export interface CsvFile {
  readonly file: string;
  /** Names in the header, in order. */
  readonly columns: readonly string[];
}

/**
 * Reads the header of a CSV file.
 *
 * @throws a `DATA` error: no such file, nothing in it.
 */
export async function openCsv(database: DuckDBConnection, file: string): Promise<CsvFile> {
  if (!existsSync(file)) {
    throw dataError({ where: file, found: "no such file", expected: "a CSV file with a header line" });
  }
  // One column that no delimiter ends: the whole first line. DuckDB's own sniffer would guess at the dialect instead, may skip
  // lines that do not fit its guess, and reports a ragged line without its number.
  const source = `read_csv(${path(file)}, auto_detect = false, header = false, delim = '\x1f', quote = '', escape = '', strict_mode = false, columns = {'line': 'VARCHAR'})`;
  const header = await attempt(file, async () => {
    const first = await database.runAndReadAll(`SELECT line FROM ${source} LIMIT 1`);
    return first.getRows()[0]?.[0];
  });
  if (header === undefined || header === null) {
    throw dataError({ where: file, found: "an empty file", expected: "a CSV file with a header line" });
  }
  return { file, columns: fieldsOf(String(header).replace(/^\uFEFF/, "")) };
}

/**
 * SQL that reads columns as text under other names, `{ alias: column }`; an empty field is null.
 *
 * @throws a `DATA` error for a column that is not there: lists those that are and guesses which was meant.
 */
export function selectText({ file, columns }: CsvFile, aliases: Readonly<Record<string, string>>): string {
  const chosen = Object.entries(aliases).map(([alias, column]) => {
    const position = columns.indexOf(column);
    if (position < 0) throw noColumn(file, columns, column);
    return `column${position} AS "${alias}"`;
  });
  // By position, so that a header may hold a name twice or in another case.
  const types = columns.map((_, position) => `'column${position}': 'VARCHAR'`).join(", ");
  return `SELECT ${chosen.join(", ")} FROM read_csv(${path(file)}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', columns = {${types}})`;
}

/** Runs work that reads `file`. @throws a `DATA` error with DuckDB's reason and the line it names. */
export async function attempt<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const [head = "", ...rest] = message.split("\n").map((text) => text.trim());
    const line = /CSV Error on Line: (\d+)/.exec(head)?.[1];
    const reason = rest.find((text) => text !== "" && !/^(Original Line|Possible)/.test(text));
    throw dataError({
      where: line === undefined ? file : `${file}, line ${line}`,
      found: `it cannot be read as CSV: ${line === undefined || reason === undefined ? head : reason}`,
      expected: "UTF-8 text with commas, as many fields in each line as in the header, and quotes that close",
      cause,
    });
  }
}

function noColumn(file: string, columns: readonly string[], column: string): KshotError {
  const [nearest] = [...columns].sort((a, b) => distance(a, column) - distance(b, column));
  const [only = ""] = columns;
  const todo =
    columns.length === 1 && /[;\t|]/.test(only)
      ? "Put commas between its columns"
      : `Did you mean "${nearest}"? Name the columns with --user, --item and --time`;
  return dataError({
    where: file,
    found: `no column "${column}"`,
    expected: `one of its columns, ${columns.join(", ")}`,
    todo,
  });
}

/** A path as SQL text; its own `*`, `?` and `[` are no pattern. */
function path(file: string): string {
  return `'${file.replace(/[*?[]/g, "[$&]").replaceAll("'", "''")}'`;
}

/** The fields of one CSV line. */
function fieldsOf(line: string): string[] {
  const fields = line.replace(/\r$/, "").matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g);
  return Array.from(fields, ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "");
}
