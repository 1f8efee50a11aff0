import type { DuckDBConnection } from "@duckdb/node-api";
import { dataError, type KshotError } from "@kshot/contract";
import type { DropReason } from "../../core/dropped-rows.js";
import { type BadRow, listedRows, type MoreColumns } from "./bad-row.js";
import { type LoadedFile, placeOfRow } from "./load-events.js";
import type { ReadOptions } from "./options.js";
import type { TableFile } from "./readers/table-file.js";
import { isTicks, isWrittenTime, ticksHint, timeFormatHint, unitsOf } from "./time-column.js";

/** `, line 9`, where blank lines or line ends in quotes move the row's line; else empty. */
async function lineInWords(table: TableFile, row: number): Promise<string> {
  const line = await table.movedLine?.(row);
  return line === undefined ? "" : `, line ${line}`;
}

/** The place of a row: its file, column and row, and its line if blank lines or line ends in quotes move it. */
export async function placeInWords(loaded: readonly LoadedFile[], event: number, column: string): Promise<string> {
  const { file, row } = placeOfRow(loaded, event);
  return `${file.file}, column ${column}, row ${row}${await lineInWords(file.table, row)}`;
}

/** The time column of a row, as text. */
async function timeText(
  database: DuckDBConnection,
  loaded: readonly LoadedFile[],
  options: ReadOptions,
  event: number,
): Promise<string | null> {
  const { file } = placeOfRow(loaded, event);
  const { table, first } = file;
  const found = await table.attempt(() =>
    database.runAndReadAll(
      `SELECT ${table.column(options.columns.time).text} FROM ${table.rows} LIMIT 1 OFFSET ${event - first}`,
    ),
  );
  const text = found.getRows()[0]?.[0] ?? null;
  return text === null ? null : String(text);
}

/** The expected content of a column, and the advice if it is empty. */
const emptyColumn: Readonly<Record<MoreColumns, readonly [expected: string, todo?: string]>> = {
  session: [
    "which session it was",
    "Name a session in every row, or leave out --session: sessions then end by --session-gap",
  ],
  order: ["its position in the order"],
  split: ["train, val or test"],
};

/** The error for one bad row: the place, what is there, and the flag that helps. */
export async function oneBadRow(
  database: DuckDBConnection,
  loaded: readonly LoadedFile[],
  options: ReadOptions,
  { event, reason, column: empty }: BadRow,
): Promise<KshotError> {
  const { columns, timeUnit, timeFormat } = options;
  const at = (column: string) => placeInWords(loaded, event, column);
  const skip = "A few such rows are left out with --skip-bad N";
  if (reason === "noUser")
    return dataError({ where: await at(columns.user), found: "nothing", expected: "the person", todo: skip });
  if (reason === "noItem")
    return dataError({ where: await at(columns.item), found: "nothing", expected: "an item", todo: skip });
  if (empty !== undefined) {
    const [expected, todo] = emptyColumn[empty];
    return dataError({ where: await at(columns[empty] ?? empty), found: "nothing", expected, todo: todo ?? skip });
  }
  const text = await timeText(database, loaded, options, event);
  const number = text !== null && /^\s*[+-]?[\d.]/.test(text) && !/x/i.test(text) && Number.isFinite(Number(text));
  if (text === null) {
    return dataError({
      where: await at(columns.time),
      found: "nothing",
      expected: "a time in UTC, such as 2017-06-20 00:33:46, or epoch seconds",
      todo: skip,
    });
  }
  if (timeFormat !== undefined) {
    return dataError({
      where: await at(columns.time),
      found: `"${text}"`,
      expected: `a time of the form ${timeFormat}, from 1900 to 2199`,
      todo: "Correct --time-format, or leave such rows out with --skip-bad N",
    });
  }
  if (number && timeUnit === undefined && /^(19|20|21)\d{6}(\d{6})?$/.test(text)) {
    return dataError({
      where: await at(columns.time),
      found: `"${text}", which is not a date of the form ${text.length === 8 ? "yyyymmdd" : "yyyymmddhhmmss"}`,
      expected: "a date that exists",
      todo: "Correct it, or leave such rows out with --skip-bad N",
    });
  }
  if (number) {
    return dataError({
      where: await at(columns.time),
      found: `"${text}", which in ${timeUnit ?? "s"} since 1970 is not between 1900 and 2199`,
      expected: "epoch seconds",
      todo: unitHint(Number(text)),
    });
  }
  if (await isWrittenTime(database, text)) {
    return dataError({
      where: await at(columns.time),
      found: `"${text}", a time that does not exist or is not from 1900 to 2199`,
      expected: "a date and a time of day that exist",
      todo: "Correct it, or leave such rows out with --skip-bad N",
    });
  }
  return dataError({
    where: await at(columns.time),
    found: `"${text}"`,
    expected: "a time in UTC, such as 2017-06-20 00:33:46, or epoch seconds",
    todo: await timeFormatHint(database, text, columns.time),
  });
}

/** The unit in which a number is a time from 1980 to 2033; without the flag, the size of the numbers decides. */
function unitHint(value: number): string {
  if (isTicks(value)) return ticksHint;
  const [unit] = unitsOf(value);
  if (unit) return `It is most likely in ${unit}: add --time-unit ${unit}`;
  if (/^(19|20)\d{12}$/.test(String(value)))
    return "Dates are recognised without --time-unit, or named with --time-format '%Y%m%d%H%M%S'";
  return "Name the unit with --time-unit s, ms, us or ns, or the form with --time-format";
}

/** What a row lacks, by the reason for which it is bad. */
const missing: Readonly<Partial<Record<DropReason, string>>> = { noUser: "person", noItem: "item", noTime: "time" };

/** The error for more bad rows than `skipBad`, with the first of them. */
export async function tooManyBadRows(
  database: DuckDBConnection,
  loaded: readonly LoadedFile[],
  options: ReadOptions,
  { first, all }: { first: readonly BadRow[]; all: number },
): Promise<KshotError> {
  const { columns } = options;
  const found: { place: number; row: number; file: LoadedFile; text: string }[] = [];
  for (const { event, reason, column } of first) {
    const { file, row } = placeOfRow(loaded, event);
    const time = reason === "noTime" ? await timeText(database, loaded, options, event) : null;
    const none = missing[reason] ?? columns[column ?? "order"];
    found.push({ place: loaded.indexOf(file), row, file, text: time === null ? `no ${none}` : `time "${time}"` });
  }
  for (const [place, file] of loaded.entries()) {
    for (const { row, reason } of file.rejected.slice(0, listedRows)) found.push({ place, row, file, text: reason });
  }
  found.sort((a, b) => a.place - b.place || a.row - b.row);
  const list: string[] = [];
  for (const { file, row, text } of found.slice(0, listedRows))
    list.push(`${file.file} row ${row}${await lineInWords(file.table, row)} (${text})`);
  return dataError({
    where: "--skip-bad",
    found: `${all} bad rows, more than ${options.skipBad ?? 0}: ${list.join("; ")}${all > list.length ? "; …" : ""}`,
    expected: `at most ${options.skipBad ?? 0} bad rows (row 0 is the first below the header)`,
    todo: `Correct these rows, or give --skip-bad ${all}`,
  });
}
