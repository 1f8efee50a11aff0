import type { DuckDBConnection } from "@duckdb/node-api";
import type { PrepareOptions } from "./options.js";
import { openTable } from "./readers/open-table.js";

/** Titles by item number from a file of any format that events come in; an item without one keeps its name, of two titles the last one counts. */
export async function readTitles(
  database: DuckDBConnection,
  { file, id, name }: NonNullable<PrepareOptions["titles"]>,
  items: readonly string[],
): Promise<string[]> {
  const table = await openTable(database, file);
  const found = await table.attempt(() => database.runAndReadAll(table.select({ id, name })));
  const titles = new Map<string, string>();
  for (const [key, title] of found.getRows()) {
    if (key !== null && title !== null) titles.set(String(key), String(title));
  }
  return items.map((item) => titles.get(item) ?? item);
}
