import type { DuckDBConnection } from "@duckdb/node-api";
import { dataError, type KshotError, nearest } from "@kshot/contract";

/** A file of rows, whatever its format: its columns, and SQL that reads some of them as text. */
export interface TableFile {
  readonly file: string;
  /** Names of the columns, in order. */
  readonly columns: readonly string[];
  /**
   * SQL that reads columns as text under other names, `{ alias: column }`, in the file's order; what is empty is null.
   *
   * @throws a `DATA` error for a column that is not there: lists those that are and guesses which was meant.
   */
  select(aliases: Readonly<Record<string, string>>): string;
  /** Runs work that reads the file. @throws a `DATA` error with DuckDB's reason. */
  attempt<T>(work: () => Promise<T>): Promise<T>;
}

/** Opens a file of one format. */
export type OpenTable = (database: DuckDBConnection, file: string) => Promise<TableFile>;

/** The error for a column that is not there. */
export function noColumn(file: string, columns: readonly string[], column: string): KshotError {
  const meant = nearest(column, columns);
  return dataError({
    where: file,
    found: `no column "${column}"`,
    expected: `one of its columns, ${columns.join(", ")}`,
    todo: `${meant === undefined ? "" : `Did you mean "${meant}"? `}Name the columns with --user, --item, --time and --session`,
  });
}

/** A path as SQL text; its own `*`, `?` and `[` are no pattern. */
export function pathLiteral(file: string): string {
  return `'${file.replace(/[*?[]/g, "[$&]").replaceAll("'", "''")}'`;
}

/** A name as SQL. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** What DuckDB says of an error, its first line, without advice on its own options. */
export function reasonOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return (message.split("\n")[0] ?? "").replace(/\s+$/, "").replace(/\.$/, "");
}
