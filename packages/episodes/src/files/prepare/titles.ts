import type { DuckDBConnection } from "@duckdb/node-api";
import { normalName } from "../../core/normal-name.js";
import type { PrepareOptions } from "./options.js";
import { openTable } from "./readers/open-table.js";

/**
 * Titles by item number from a file in any format of event files. An item without one keeps its name; of two titles the last
 * one counts.
 *
 * @returns titles, and how many items have one in the file
 */
export async function readTitles(
  database: DuckDBConnection,
  { file, id, name }: NonNullable<PrepareOptions["titles"]>,
  items: readonly string[],
  { encoding }: Pick<PrepareOptions, "encoding">,
): Promise<{ titles: string[]; found: number }> {
  const table = await openTable(database, file, { header: true, nulls: [], skipBad: false, encoding });
  for (const column of [id, name]) {
    const error = await table.absent?.(column);
    if (error !== undefined) throw error;
  }
  const columns = [id, name].map((column) => table.column(column).text);
  const found = await table.attempt(() => database.runAndReadAll(`SELECT ${columns.join(", ")} FROM ${table.rows}`));
  const titles = new Map<string, string>();
  for (const [key, title] of found.getRows()) {
    if (key !== null && title !== null) titles.set(normalName(String(key)), String(title));
  }
  return {
    titles: items.map((item) => titles.get(item) ?? item),
    found: items.filter((item) => titles.has(item)).length,
  };
}
