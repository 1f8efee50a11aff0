import { existsSync } from "node:fs";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { dataError } from "@kshot/contract";
import { distance } from "fastest-levenshtein";

/** A DuckDB of its own for one piece of work, in memory, spilling to disk beyond the limit. */
export async function withDatabase<T>(work: (database: DuckDBConnection) => Promise<T>): Promise<T> {
  const instance = await DuckDBInstance.create(":memory:", { memory_limit: "900MB" });
  const connection = await instance.connect();
  try {
    return await work(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/**
 * Makes table `name` from the named columns of a CSV file, all as text, plus `row`, the zero-based row of the file.
 *
 * @throws a `DATA` error: no such file, not CSV, no such column (lists those there are and guesses which was meant).
 */
export async function loadText(
  database: DuckDBConnection,
  file: string,
  columns: Readonly<Record<string, string>>,
  name: string,
): Promise<void> {
  if (!existsSync(file)) {
    throw dataError({ where: file, found: "no such file", expected: "a CSV file with a header line" });
  }
  const source = `read_csv(${literal(file)}, header = true, all_varchar = true, null_padding = false)`;
  let there: string[];
  try {
    const described = await database.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`);
    there = described.getColumns()[0]!.map(String);
  } catch (cause) {
    throw unreadable(file, cause);
  }
  for (const column of Object.values(columns)) {
    if (there.includes(column)) continue;
    const [nearest] = [...there].sort((a, b) => distance(a, column) - distance(b, column));
    throw dataError({
      where: file,
      found: `no column "${column}"`,
      expected: `one of its columns, ${there.join(", ")}`,
      ...(nearest === undefined ? {} : { todo: `Did you mean ${nearest}?` }),
    });
  }
  const selected = Object.entries(columns).map(([alias, column]) => `${identifier(column)} AS ${identifier(alias)}`);
  try {
    await database.run(
      `CREATE OR REPLACE TABLE ${identifier(name)} AS SELECT row_number() OVER () - 1 AS "row", ${selected.join(", ")} FROM ${source}`,
    );
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

/** A text as SQL. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function unreadable(file: string, cause: unknown) {
  const [reason] = (cause instanceof Error ? cause.message : String(cause)).split("\n");
  return dataError({
    where: file,
    found: `it cannot be read as CSV: ${reason}`,
    expected: "a CSV file with a header line",
    cause,
  });
}
