import type { DuckDBConnection } from "@duckdb/node-api";
import { dataError } from "@kshot/contract";
import { noColumn, pathLiteral, type TableFile } from "./table-file.js";

/** Delimiters that are looked for in a header, the likeliest first. */
const delimiters = [",", "\t", ";", "|"] as const;

/**
 * A file of text with a header line: fields between commas, tabs, semicolons or bars, `"` around fields that need it (doubled
 * inside), UTF-8 with or without a byte order mark, LF or CRLF; `.gz` is unpacked. Without `delimiter`, the one that the header
 * holds most of.
 */
export async function openCsv(database: DuckDBConnection, file: string, delimiter?: string): Promise<TableFile> {
  // One column that no delimiter ends: the whole first line. DuckDB's own sniffer would guess at the dialect instead, may skip
  // lines that do not fit its guess, and reports a ragged line without its number.
  const lines = `read_csv(${pathLiteral(file)}, auto_detect = false, header = false, delim = '\x1f', quote = '', escape = '', strict_mode = false, columns = {'line': 'VARCHAR'})`;
  const first = await attemptCsv(file, () => database.runAndReadAll(`SELECT line FROM ${lines} LIMIT 1`));
  const header = first.getRows()[0]?.[0];
  if (header === undefined || header === null) {
    throw dataError({ where: file, found: "an empty file", expected: "a header line and rows" });
  }
  const line = String(header)
    .replace(/^\uFEFF/, "")
    .replace(/\r$/, "");
  const mark = delimiter ?? delimiterOf(line);
  const columns = fieldsOf(line, mark);
  return {
    file,
    columns,
    attempt: (work) => attemptCsv(file, work),
    select(aliases) {
      const chosen = Object.entries(aliases).map(([alias, column]) => {
        const position = columns.indexOf(column);
        if (position < 0) throw noColumn(file, columns, column);
        return `column${position} AS "${alias}"`;
      });
      // By position, so that a header may hold a name twice or in another case.
      const types = columns.map((_, position) => `'column${position}': 'VARCHAR'`).join(", ");
      return `SELECT ${chosen.join(", ")} FROM read_csv(${pathLiteral(file)}, auto_detect = false, header = true, delim = '${mark}', quote = '"', escape = '"', columns = {${types}})`;
    },
  };
}

/** The delimiter that stands most often in a header outside quotes; a comma where none does. */
function delimiterOf(header: string): string {
  const bare = header.replace(/"(?:[^"]|"")*"/g, "");
  const count = (mark: string) => bare.split(mark).length - 1;
  return [...delimiters].sort((a, b) => count(b) - count(a))[0]!;
}

/** The fields of one line. */
function fieldsOf(line: string, mark: string): string[] {
  const field = new RegExp(`(?:^|[${mark}])(?:"((?:[^"]|"")*)"|([^${mark}]*))`, "g");
  return Array.from(line.matchAll(field), ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "");
}

async function attemptCsv<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const [head = "", ...rest] = message.split("\n").map((text) => text.trim());
    const line = /CSV Error on Line: (\d+)/.exec(head)?.[1];
    // After the head come the line itself, which may be several, then the reason, then advice on DuckDB's own options.
    const advice = rest.findIndex((text) => text.startsWith("Possible"));
    const reason = rest.slice(0, advice < 0 ? rest.length : advice).findLast((text) => text !== "");
    throw dataError({
      where: line === undefined ? file : `${file}, line ${line}`,
      found: `it cannot be read as CSV: ${line === undefined || reason === undefined ? head : reason}`.replace(
        /\.$/,
        "",
      ),
      expected:
        "UTF-8 text with as many fields in each line as in the header, quotes that close and one kind of line end",
      cause,
    });
  }
}
