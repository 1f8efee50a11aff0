import { dataError, type KshotError, nearest } from "@kshot/contract";
import { CsvError, parse } from "csv-parse/sync";
import type { PrepareOptions } from "./options.js";
import { fieldsOf, firstLineOf, positionOf, separatorOf } from "./readers/header-line.js";
import type { SourceFile } from "./readers/source-file.js";

/** Separators that are searched; `::` first, because its lines can also hold the others in their text. */
const separators = ["::", "\t", ",", ";", "|"] as const;

/** Number of lines in which they are searched. */
const linesLookedAt = 50;

/** Separators of files that follow the rules of CSV: a quoted field can hold line ends. Elsewhere a quote can be part of a title. */
const csvSeparators: readonly string[] = [",", ";"];

type TitlesOptions = NonNullable<PrepareOptions["titles"]>;

/**
 * The two columns of a text file of titles. Columns are named by a header or, where the header has no such names, by their numbers from 1;
 * the file can then be without a header. A header that is read as a row names an item that is not there.
 *
 * @throws `DATA` for a column that is not there, and a line with another number of fields than the first.
 */
export function readTitleLines(
  { file }: SourceFile,
  text: string,
  { id, name, separator }: TitlesOptions,
): (readonly [item: string, title: string])[] {
  const line = firstLineOf(text, true);
  const tabs = /\.tsv(\.gz)?$/i.test(file) ? "\t" : undefined;
  const mark = separator ?? tabs ?? commonSeparator(text) ?? separatorOf(line, separators);
  const header = fieldsOf(line, mark).map((column) => column.trim());
  const named = [id, name].map((column) => positionOf(header, column));
  const byName = named.every((position) => position >= 0);
  const places = byName ? named : [id, name].map((column) => placeOfNumber(column, header.length));
  for (const [i, place] of places.entries())
    if (place === undefined) throw noTitleColumn(file, header, [id, name][i] ?? "", mark);
  const [item = 0, title = 0] = places as number[];
  const rows = rowsOf(file, text, mark);
  const found: (readonly [string, string])[] = [];
  for (const { line: at, fields } of rows) {
    if (fields.length !== header.length) {
      throw dataError({
        where: `${file}, line ${at}`,
        found: `${fields.length} fields between ${shown(mark)}`,
        expected: `${header.length}, as in the first line`,
        todo: csvSeparators.includes(mark)
          ? `Write a title with ${shown(mark)} in it between quotes, or name another separator with --titles-sep`
          : "Correct the line, or name another separator with --titles-sep",
      });
    }
    found.push([fields[item] ?? "", fields[title] ?? ""]);
  }
  return byName ? found.slice(1) : found;
}

/** The separator that gives the first lines of a text equally many fields; of several `::`, or the one with the most; undefined: none. */
function commonSeparator(text: string): string | undefined {
  const lines = text.split(/\r\n|\n|\r/, linesLookedAt).filter((line) => line.trim() !== "");
  const fields = (mark: string) => {
    const counts = new Set(lines.map((line) => fieldsOf(line, mark).length));
    return counts.size === 1 ? ([...counts][0] ?? 1) : 1;
  };
  if (fields("::") > 1) return "::";
  const [best, most] = separators.map((mark) => [mark, fields(mark)] as const).sort((a, b) => b[1] - a[1])[0] ?? [];
  return most !== undefined && most > 1 ? best : undefined;
}

/** The position of a column that is given by its number from 1; undefined for other text, and for more than there are. */
function placeOfNumber(column: string, columns: number): number | undefined {
  const number = /^\s*\d+\s*$/.test(column) ? Number(column) : 0;
  return number >= 1 && number <= columns ? number - 1 : undefined;
}

/** The rows of a text, each with its line, without blank lines. */
function rowsOf(file: string, text: string, mark: string): { line: number; fields: string[] }[] {
  if (!csvSeparators.includes(mark)) {
    return text
      .split(/\r\n|\n|\r/)
      .map((line, i) => ({ line: i + 1, fields: line.trim() === "" ? [] : fieldsOf(line, mark) }))
      .filter(({ fields }) => fields.length > 0);
  }
  try {
    const rows = parse(text, {
      delimiter: mark,
      record_delimiter: ["\r\n", "\n", "\r"],
      skip_empty_lines: true,
      relax_column_count: true,
      info: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return rows.map(({ record, info }) => ({ line: info.lines, fields: record }));
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const { lines } = cause;
    throw dataError({
      where: lines === undefined ? file : `${file}, line ${lines}`,
      found: `it cannot be read as CSV: ${cause.message.replace(/\.$/, "")}`,
      expected: "titles with quotes that close",
      todo: 'Write each quote inside a quoted title twice (""), or name another separator with --titles-sep',
      cause,
    });
  }
}

/** The error for a column that is not there. */
function noTitleColumn(file: string, header: readonly string[], column: string, mark: string): KshotError {
  const meant = nearest(column, header);
  const list = header.slice(0, 40).map((own) => (own.length > 60 ? `${own.slice(0, 60)}…` : own));
  const numbers = `Columns of a file without a header are named by their numbers, as --titles ${file.split("/").at(-1)}:1:2`;
  return dataError({
    where: `--titles, ${file}`,
    found: `no column "${column}"`,
    expected: `one of the columns between ${shown(mark)}, ${list.join(", ")}`,
    todo: `${meant === undefined ? "" : `Did you mean "${meant}"? `}${
      header.length === 1 ? "Name the text between two fields with --titles-sep, as | or ::" : numbers
    }`,
  });
}

/** A separator in an error. */
function shown(mark: string): string {
  return mark === "\t" ? "tabs" : JSON.stringify(mark);
}
