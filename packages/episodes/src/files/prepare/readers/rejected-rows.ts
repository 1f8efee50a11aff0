import type { DuckDBConnection } from "@duckdb/node-api";
import { csvReason, notCsv } from "./not-csv.js";
import type { RowStart } from "./row-lines.js";
import type { Rejected } from "./table-file.js";

/**
 * The rows that DuckDB left out of a text file, in order, each once.
 *
 * @param table DuckDB's table of rejected rows. Its lines differ from row numbers if there are blank lines, or line ends between
 * quotes.
 *   A row's first byte is exact, or that of blank lines and line ends before it
 * @param text `starts`: the rows of the file; `above`: rows above the first, which is 0
 * @throws `DATA` for a quote that does not close: the end of its row is unknown, and the rest of the file would be one bad row
 */
export async function rejectedRows(
  database: DuckDBConnection,
  table: string,
  { file, starts, above }: { file: string; starts: AsyncIterable<readonly RowStart[]>; above: number },
): Promise<readonly Rejected[]> {
  const found = await database.runAndReadAll(
    `SELECT line_byte_position - 1 AS byte, error_type::VARCHAR, any_value(error_message) FROM ${table} GROUP BY ALL ORDER BY byte`,
  );
  const waiting = found.getRows().map(([byte, type, message]) => ({ byte: Number(byte), type, message }));
  const rejected: Rejected[] = [];
  for await (const some of waiting.length > 0 ? starts : []) {
    for (const { row, line, byte } of some) {
      for (; waiting[0] !== undefined && waiting[0].byte <= byte; waiting.shift()) {
        const { type, message } = waiting[0];
        if (type === "UNQUOTED VALUE") throw notCsv(file, line, "a quote that does not close");
        if (rejected.at(-1)?.row !== row - above) {
          rejected.push({ row: row - above, reason: csvReason(String(message)).reason });
        }
      }
    }
    if (waiting.length === 0) break;
  }
  return rejected;
}
