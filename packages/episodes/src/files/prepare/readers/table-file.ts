import type { DuckDBConnection } from "@duckdb/node-api";
import { dataError, KshotError, nearest } from "@kshot/contract";
import type { SourceFile } from "./source-file.js";
import { reasonOf, textLiteral, trimmed } from "./sql-text.js";
import type { SwallowedRows } from "./swallowed-rows.js";

/** A file of rows of any format: its columns, and SQL that reads them. */
export interface TableFile {
  readonly file: string;
  /** Names of the columns, in order; of JSON, the keys of its first rows. */
  readonly columns: readonly string[];
  /** SQL of the rows, for a FROM clause: with the values of all columns that `column` was asked for before. */
  readonly rows: string;
  /** The value of a column in `rows`. @throws `DATA` for a missing column; it lists the existing ones. */
  column(name: string): ColumnValue;
  /**
   * The error for a column that no row has; undefined if one has it. Only of JSON, where `column` accepts any name, because a key
   * can appear late.
   */
  absent?(name: string): Promise<KshotError | undefined>;
  /** The line (from 1) of a row, if blank lines or line ends in quotes move it; undefined if it follows from the row's number. */
  movedLine?(row: number): Promise<number | undefined>;
  /**
   * Lines of a text that lie between a quote and the next one, but look like rows.
   *
   * @param rows number of rows that were read or left out, without the header
   */
  swallowed?(rows: number): Promise<SwallowedRows | undefined>;
  /** Rows that cannot be read and are left out of `rows`, known after reading; only with `skipBad`. */
  rejected(): Promise<readonly Rejected[]>;
  /** Runs work that reads the file. @throws a `DATA` error with DuckDB's reason. */
  attempt<T>(work: () => Promise<T>): Promise<T>;
}

/** SQL of one column. */
export interface ColumnValue {
  /** As text; an empty text is null. */
  readonly text: string;
  /** In the file's type, if it has types: SQL, and DuckDB's name of the type. */
  readonly typed?: { readonly sql: string; readonly type: string };
}

/** A row that could not be read. */
export interface Rejected {
  /** Zero-based, below the header. */
  readonly row: number;
  readonly reason: string;
}

/** How to read text files. */
export interface TextOptions {
  readonly header: boolean;
  readonly separator?: string;
  readonly nulls: readonly string[];
  /** Whether `"` around a field quotes it; false: it is part of the text. Default true. */
  readonly quotes?: boolean;
  /** Leave out rows that cannot be read, for `rejected()`. */
  readonly skipBad: boolean;
  /** The flags that name columns, for errors. Default: those of events. */
  readonly columnFlags?: string;
}

/** The flags that name the columns of events. */
const eventFlags = "--user, --item, --time and --session";

/** Opens a file of one format. */
export type OpenTable = (database: DuckDBConnection, source: SourceFile, options: TextOptions) => Promise<TableFile>;

/**
 * Runs work that reads a file; an error of it becomes a `DATA` error with DuckDB's reason.
 *
 * @param format the format's name in the message
 * @param advice the expected content, and the advice
 */
export function attemptsOn(
  file: string,
  format: string,
  advice: { readonly expected: string; readonly todo?: string },
): TableFile["attempt"] {
  return async (work) => {
    try {
      return await work();
    } catch (cause) {
      if (KshotError.isInstance(cause)) throw cause;
      throw dataError({ where: file, found: `it cannot be read as ${format}: ${reasonOf(cause)}`, ...advice, cause });
    }
  };
}

/** The error for a missing column. */
export function noColumn(
  file: string,
  columns: readonly string[],
  column: string,
  { numbered = false, json = false, flags = eventFlags } = {},
): KshotError {
  const word = column.toLowerCase();
  const meant = nearest(column, columns) ?? columns.find((name) => name.toLowerCase().includes(word));
  const guess = meant === undefined ? "" : `Did you mean "${meant}"? `;
  const [only = ""] = columns;
  const header = json
    ? `Name keys with ${flags}, those inside objects by dotted names; a file holds one object per line or one list of objects`
    : /^(#|\/\/|sep=|\[)/i.test(only)
      ? "The first line is not a header: remove the lines above the header, or write lists as objects"
      : columns.length === 1
        ? "If other text than commas, semicolons, tabs and bars separates the fields, give it with --sep"
        : !numbered && looksLikeData(columns)
          ? "If the first line is not a header, add --no-header and name columns by their numbers from 1"
          : `Name the columns with ${flags}`;
  const short = columns.slice(0, 40).map((name) => (name.length > 60 ? `${name.slice(0, 60)}…` : name));
  const all = (columns.length > 40 ? [...short, "…"] : short).join(", ");
  const shown = all.length > 1000 ? `${all.slice(0, 1000)}…` : all;
  return dataError({
    where: file,
    found: `no column "${column}"`,
    expected: `one of its columns, ${shown}`,
    todo: `${guess}${header}`,
  });
}

/** The error for a key inside a list: a row has one value for each column. */
export function insideList(file: string, column: string, list: string): KshotError {
  return dataError({
    where: `${file}, column ${column}`,
    found: `a list in ${list}`,
    expected: "text or a number",
    todo: `Write one row per event: one for each entry of ${list}`,
  });
}

/** The paths above a dotted name: of `a.b.c`, `a` and `a.b`. */
export function pathsAbove(name: string): string[] {
  const keys = name.split(".");
  return keys.slice(1).map((_, i) => keys.slice(0, i + 1).join("."));
}

/** A first line that holds a number is most likely a row. */
function looksLikeData(columns: readonly string[]): boolean {
  return columns.length > 1 && columns.some((name) => /^-?\d+(\.\d+)?$/.test(name.trim()));
}

/**
 * SQL of a value, null for texts that mean a missing value.
 *
 * @param text SQL of the value as text
 * @param nulls texts that mean it; blanks around them do not count
 * @param value SQL of the value, if not as text
 */
export function withoutNulls(text: string, nulls: readonly string[], value = `nullif(${text}, '')`): string {
  const texts = nulls.map((name) => name.trim()).filter((name) => name !== "");
  if (texts.length === 0) return value;
  return `CASE WHEN ${trimmed(text)} IN (${texts.map(textLiteral).join(", ")}) THEN NULL ELSE ${value} END`;
}
