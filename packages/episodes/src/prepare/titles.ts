import type { DuckDBConnection } from "@duckdb/node-api";
import { attempt, openCsv, selectText } from "./csv-file.js";
import type { PrepareOptions } from "./options.js";

/** Titles by item number from a CSV file; an item without one keeps its name, of two titles the last one counts. */
export async function readTitles(
  database: DuckDBConnection,
  { file, id, name }: NonNullable<PrepareOptions["titles"]>,
  items: readonly string[],
): Promise<string[]> {
  const rows = selectText(await openCsv(database, file), { id, name });
  const found = await attempt(file, () => database.runAndReadAll(rows));
  const titles = new Map<string, string>();
  for (const [key, title] of found.getRows()) {
    if (key !== null && title !== null) titles.set(String(key), String(title));
  }
  return items.map((item) => titles.get(item) ?? item);
}
