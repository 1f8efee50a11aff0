import type { DuckDBConnection } from "@duckdb/node-api";
import type { PrepareOptions } from "./options.js";
import { openTable } from "./readers/open-table.js";

/**
 * Titles by item number from a file in any format of event files. An item without one keeps its name; of two titles the last
 * one counts.
 */
export async function readTitles(
  database: DuckDBConnection,
  { file, id, name }: NonNullable<PrepareOptions["titles"]>,
  items: readonly string[],
  { encoding }: Pick<PrepareOptions, "encoding">,
): Promise<string[]> {
  const table = await openTable(database, file, { header: true, nulls: [], skipBad: false, encoding });
  const found = await table.attempt(() =>
    database.runAndReadAll(`SELECT ${table.column(id).text}, ${table.column(name).text} FROM ${table.rows}`),
  );
  const titles = new Map<string, string>();
  for (const [key, title] of found.getRows()) {
    if (key !== null && title !== null) titles.set(String(key).trim().normalize("NFC"), String(title));
  }
  return items.map((item) => titles.get(item) ?? item);
}
