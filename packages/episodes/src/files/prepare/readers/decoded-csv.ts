import { pipeline, Readable } from "node:stream";
import type { DuckDBConnection } from "@duckdb/node-api";
import { CsvError, parse } from "csv-parse";
import { notCsv } from "./not-csv.js";
import type { Rejected } from "./table-file.js";

let tables = 0;

/**
 * A table with the rows of a text file that DuckDB cannot read: one that is not UTF-8 or has several kinds of line end. It is
 * decoded and parsed here.
 *
 * @throws `DATA` with the line of a row that cannot be read, unless `skipBad`.
 */
export async function tableOfText(
  database: DuckDBConnection,
  {
    file,
    text,
    columns,
    header,
    mark,
    skipBad,
    quotes,
    lineOf,
  }: {
    file: string;
    text: AsyncIterable<string>;
    columns: number;
    header: boolean;
    mark: string;
    skipBad: boolean;
    quotes: boolean;
    /** The line of a row, which is counted from 0 with the header. */
    lineOf: (row: number) => Promise<number>;
  },
): Promise<{ table: string; rejected: readonly Rejected[] }> {
  const table = `decoded${tables++}`;
  const names = Array.from({ length: columns }, (_, position) => `column${position} VARCHAR`);
  await database.run(`CREATE TABLE ${table} (${names.join(", ")})`);
  const rejected: Rejected[] = [];
  const first = header ? 1 : 0;
  // `pipeline` ends the parser with an error of its source. `pipe` would ignore such an error.
  const rows = pipeline(
    Readable.from(text),
    parse({
      delimiter: mark,
      quote: quotes ? '"' : null,
      escape: quotes ? '"' : null,
      record_delimiter: ["\r\n", "\n", "\r"],
      bom: true,
      skip_empty_lines: true,
      from: first + 1,
      relax_column_count: true,
    }),
    () => {},
  );
  const appender = await database.createAppender(table);
  try {
    let row = 0;
    for await (const fields of rows as AsyncIterable<string[]>) {
      if (fields.length !== columns) {
        const reason = `Expected Number of Columns: ${columns} Found: ${fields.length}`;
        if (!skipBad) throw notCsv(file, await lineOf(row + first), reason);
        rejected.push({ row, reason });
      } else {
        for (const field of fields) {
          if (field === "") appender.appendNull();
          else appender.appendVarchar(field);
        }
        appender.endRow();
      }
      row++;
    }
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw notCsv(file, Number(cause.lines), cause.message, cause);
  } finally {
    appender.closeSync();
  }
  return { table, rejected };
}
