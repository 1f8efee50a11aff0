import type { DuckDBConnection } from "@duckdb/node-api";
import { dataError } from "@kshot/contract";
import { tableOfText } from "./decoded-csv.js";
import { fieldsOf, firstLineOf, positionOf, separatorOf } from "./header-line.js";
import { lastLineTooLong } from "./last-line.js";
import { endsMixedLines } from "./line-ends.js";
import { csvReason, notCsv } from "./not-csv.js";
import { rejectedRows } from "./rejected-rows.js";
import { findRow, movedLineOf, rowStarts } from "./row-lines.js";
import type { SourceFile } from "./source-file.js";
import { pathLiteral, textLiteral } from "./sql-text.js";
import { swallowedRows } from "./swallowed-rows.js";
import { noColumn, type Rejected, type TableFile, type TextOptions, withoutNulls } from "./table-file.js";

/** Separators that are searched in a header, the most likely first. */
const separators = [",", "\t", ";", "|"] as const;

/** Counter for unique names of the tables of rejected rows. */
let readings = 0;

/** Bytes of the longest line that DuckDB reads by default. */
const longestLine = 2_000_000;

/**
 * A text file with columns: fields between separators, `"` around fields that need it (doubled inside), UTF-8 with or without a byte
 * order mark, LF or CRLF. Default separator: the most frequent of `,` tab `;` `|` in the first line.
 */
export async function openCsv(
  database: DuckDBConnection,
  { file, gzip, head, text, utf8, bytes, lastLineExceeds }: SourceFile,
  { header, separator, nulls, skipBad, quotes = true }: TextOptions,
): Promise<TableFile> {
  const line = firstLineOf(head, quotes);
  if (line.trim() === "") {
    throw dataError({
      where: file,
      found: "an empty first line",
      expected: header ? "a header line and rows" : "a row",
    });
  }
  const mark = separator ?? separatorOf(line, separators);
  const first = quotes ? fieldsOf(line, mark) : line.split(mark);
  const columns = header ? first.map((name) => name.trim()) : first.map((_, number) => String(number + 1));
  const reading = readings++;
  const quoteMark = quotes ? mark : undefined;
  const above = header ? 1 : 0;
  // DuckDB reads UTF-8 with one kind of line end.
  const own = text ?? (endsMixedLines(head, quotes) ? utf8 : undefined);
  const decoded =
    own &&
    (await tableOfText(database, {
      ...{ file, text: own(), columns: columns.length, header, mark, skipBad, quotes },
      lineOf: async (row) => (await movedLineOf(bytes(), quoteMark, row)) ?? row + 1,
    }));
  // DuckDB refuses a line that is too long, but skips the last one if it is longer than its buffer.
  if (!own && (await lastLineExceeds(longestLine))) throw lastLineTooLong(file, longestLine);
  const settings = [
    "auto_detect = false",
    `header = ${header}`,
    `delim = ${textLiteral(mark)}`,
    `quote = '${quotes ? '"' : ""}'`,
    `escape = '${quotes ? '"' : ""}'`,
    `compression = '${gzip ? "gzip" : "none"}'`,
    // By position, so that a header can hold a name twice or in another case.
    `columns = {${columns.map((_, position) => `'column${position}': 'VARCHAR'`).join(", ")}}`,
    ...(skipBad
      ? ["store_rejects = true", `rejects_table = 'rejects${reading}'`, `rejects_scan = 'scans${reading}'`]
      : []),
  ];
  return {
    file,
    columns,
    rows: decoded ? decoded.table : `read_csv(${pathLiteral(file)}, ${settings.join(", ")})`,
    async attempt(work) {
      try {
        return await work();
      } catch (cause) {
        const { counted, reason } = csvReason(cause instanceof Error ? cause.message : String(cause));
        const found = counted && (await findRow(bytes(), quoteMark, (start) => start.counted === counted));
        throw notCsv(file, found ? found.line : counted, reason, cause);
      }
    },
    movedLine: (row) => movedLineOf(bytes(), quoteMark, row + above),
    column(name) {
      const position = positionOf(columns, name);
      if (position < 0) throw noColumn(file, columns, name, { numbered: !header });
      const field = `column${position}`;
      // An empty field is null already.
      return { text: withoutNulls(field, nulls, field) };
    },
    ...(quotes
      ? {
          swallowed: (rows: number) =>
            swallowedRows(bytes, { mark, columns: columns.length, rows: rows + above }).then(
              (found) => found && { ...found, row: found.row - above },
            ),
        }
      : {}),
    async rejected(): Promise<readonly Rejected[]> {
      if (decoded) return decoded.rejected;
      if (!skipBad) return [];
      return rejectedRows(database, `rejects${reading}`, { file, starts: rowStarts(bytes(), quoteMark), above });
    },
  };
}
