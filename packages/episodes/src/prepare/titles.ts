import type { DuckDBConnection } from "@duckdb/node-api";
import { loadText } from "./event-database.js";
import type { PrepareOptions } from "./options.js";

/** Titles by item number from a CSV file; an item without one keeps its name. */
export async function readTitles(
  database: DuckDBConnection,
  { file, id, name }: NonNullable<PrepareOptions["titles"]>,
  items: readonly string[],
): Promise<string[]> {
  await loadText(database, file, { id, name }, "titles");
  const found = await database.runAndReadAll(
    'SELECT id, name FROM titles WHERE id IS NOT NULL AND name IS NOT NULL ORDER BY "row"',
  );
  const titles = new Map(found.getRows().map(([key, title]) => [String(key), String(title)]));
  return items.map((item) => titles.get(item) ?? item);
}
