import type { DuckDBConnection } from "@duckdb/node-api";
import { dataError } from "@kshot/contract";
import { tableOfText } from "./decoded-csv.js";
import { lastLineTooLong } from "./last-line.js";
import { endsMixedLines } from "./line-ends.js";
import { notCsv } from "./not-csv.js";
import type { SourceFile } from "./source-file.js";
import { pathLiteral, textLiteral } from "./sql-text.js";
import { noColumn, type Rejected, type TableFile, type TextOptions, withoutNulls } from "./table-file.js";

/** Separators that are searched in a header, the most likely first. */
const separators = [",", "\t", ";", "|"] as const;

/** RecBole writes a column's type after its name: `user_id:token`. */
const recBoleType = /:(token|token_seq|float|float_seq)$/;

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
  { file, gzip, head, text, utf8, lastLineExceeds }: SourceFile,
  { header, separator, nulls, skipBad, quotes = true }: TextOptions,
): Promise<TableFile> {
  const line = /^[^\r\n]*/.exec(head)?.[0] ?? "";
  if (line.trim() === "") {
    throw dataError({
      where: file,
      found: "an empty first line",
      expected: header ? "a header line and rows" : "a row",
    });
  }
  const mark = separator ?? separatorOf(line);
  const first = quotes ? fieldsOf(line, mark) : line.split(mark);
  const columns = header ? first.map((name) => name.trim()) : first.map((_, number) => String(number + 1));
  const plain = columns.map((name) => name.replace(recBoleType, ""));
  const reading = readings++;
  // DuckDB reads UTF-8 with one kind of line end.
  const own = text ?? (endsMixedLines(head, quotes) ? utf8 : undefined);
  const decoded =
    own && (await tableOfText(database, { file, text: own(), columns: columns.length, header, mark, skipBad, quotes }));
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
    lateColumns: false,
    rows: decoded ? decoded.table : `read_csv(${pathLiteral(file)}, ${settings.join(", ")})`,
    attempt: (work) => attemptCsv(file, work),
    column(name) {
      const exact = columns.indexOf(name);
      const position = exact >= 0 ? exact : plain.indexOf(name);
      if (position < 0) throw noColumn(file, columns, name, { numbered: !header });
      return { text: nulls.length === 0 ? `column${position}` : withoutNulls(`column${position}`, nulls) };
    },
    async rejected(): Promise<readonly Rejected[]> {
      if (decoded) return decoded.rejected;
      if (!skipBad) return [];
      const found = await database.runAndReadAll(
        `SELECT line, error_type::VARCHAR, any_value(error_message) FROM rejects${reading} GROUP BY ALL ORDER BY line`,
      );
      const rejects = found.getRows().map(([at, type, message]) => {
        const { reason } = inWords(String(message));
        // With an unclosed quote the end of the row is unknown: the rest of the file would be one bad row.
        if (String(type) === "UNQUOTED VALUE") throw notCsv(file, Number(at), "a quote that does not close");
        return { row: Math.max(0, Number(at) - (header ? 2 : 1)), reason };
      });
      return rejects.filter(({ row }, i) => i === 0 || row !== rejects[i - 1]?.row);
    },
  };
}

/** The most frequent separator in a line outside quotes; a comma if there is none. */
function separatorOf(line: string): string {
  const bare = line.replace(/"(?:[^"]|"")*"/g, "");
  const count = (mark: string) => bare.split(mark).length - 1;
  return [...separators].sort((a, b) => count(b) - count(a))[0] ?? ",";
}

/** The fields of one line. */
export function fieldsOf(line: string, mark: string): string[] {
  const fields: string[] = [];
  for (let at = 0; ; ) {
    const quoted = /^"((?:[^"]|"")*)"/.exec(line.slice(at));
    const rest = quoted && (line.startsWith(mark, at + quoted[0].length) || at + quoted[0].length === line.length);
    const end = rest ? at + (quoted?.[0].length ?? 0) : line.indexOf(mark, at);
    const stop = end < 0 ? line.length : end;
    fields.push(rest ? (quoted?.[1] ?? "").replaceAll('""', '"') : line.slice(at, stop));
    if (stop >= line.length) return fields;
    at = stop + mark.length;
  }
}

async function attemptCsv<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const { line, reason } = inWords(cause instanceof Error ? cause.message : String(cause));
    throw notCsv(file, line, reason, cause);
  }
}

/** The line number and the reason in DuckDB's message. */
function inWords(message: string): { line: number | undefined; reason: string } {
  const [head = "", ...rest] = message.split("\n").map((text) => text.trim());
  const line = /CSV Error on Line: (\d+)/.exec(head)?.[1];
  // After the head: the line itself (sometimes several), the reason, and advice on DuckDB's options.
  const advice = rest.findIndex((text) => text.startsWith("Possible"));
  const reason = rest.slice(0, advice < 0 ? rest.length : advice).findLast((text) => text !== "");
  return {
    line: line === undefined ? undefined : Number(line),
    reason: (line === undefined || reason === undefined ? head : reason).replace(/\.$/, ""),
  };
}
