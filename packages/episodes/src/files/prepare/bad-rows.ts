import type { DuckDBConnection } from "@duckdb/node-api";
import { dataError, type KshotError } from "@kshot/contract";
import type { DropReason } from "../../core/dropped-rows.js";
import { type LoadedFile, placeOfRow } from "./load-events.js";
import type { ReadOptions } from "./options.js";
import type { TableFile } from "./readers/table-file.js";
import {
  formOfNumbers,
  isBelievable,
  isOfForm,
  isTicks,
  isWrittenTime,
  type NumberForm,
  secondsOfNumber,
  ticksHint,
  timeFormatHint,
  unitsOf,
} from "./time-column.js";

/** Number of rows that the error about bad rows lists. */
const listed = 5;

/** Usable and unusable rows of `events`. */
export interface CheckedRows {
  /** SQL condition of usable rows of `events`; null: all rows. */
  readonly usable: string | null;
  /** SQL of the epoch seconds of a usable row. */
  readonly seconds: string;
  /** How numbers in the time column were read; null: there are none, or an option gives it. */
  readonly form: NumberForm | null;
  /** Counts and first rows of `events` by reason. */
  readonly dropped: Readonly<Partial<Record<DropReason, { count: number; first: number }>>>;
}

/**
 * Finds the rows of `events` without a person, item, time or another required value, and how to read numbers in the time column.
 *
 * @throws `DATA` for more bad rows than `skipBad`, and for ambiguous numbers.
 */
export async function checkRows(
  database: DuckDBConnection,
  loaded: readonly LoadedFile[],
  options: ReadOptions,
  where: string,
): Promise<CheckedRows> {
  const { columns, skipBad = 0 } = options;
  const kept = options.where === undefined ? "true" : "kept";
  const more = (["session", "order", "split"] as const).filter((name) => columns[name] !== undefined);
  const complete = `"user" IS NOT NULL AND item IS NOT NULL${more.map((name) => ` AND ${sqlOf[name]} IS NOT NULL`).join("")}`;
  /** Counts of bad rows. @throws `DATA` for more than `skipBad`. */
  const found = async (believable: string): Promise<CheckedRows["dropped"]> => {
    const reasons = reasonsOf(kept, more, believable);
    const dropped = await countReasons(database, reasons);
    const bad = badReasons.reduce((sum, name) => sum + (dropped[name]?.count ?? 0), 0);
    const rejected = loaded.reduce((sum, file) => sum + file.rejected.length, 0);
    if (bad + rejected <= skipBad) return dropped;
    const first = await firstBadRows(database, reasons);
    const [one] = first;
    if (skipBad === 0 && one) throw await oneBadRow(database, loaded, options, one);
    throw await tooManyBadRows(database, loaded, options, { first, all: bad + rejected });
  };
  const numbers = await formOfNumbers(database, `${kept} AND ${complete}`, where, {
    strayOk: skipBad > 0,
    describe: (row) => placeInWords(loaded, row, columns.time),
  }).catch(async (error: unknown) => {
    // Missing values are reported before ambiguous numbers.
    await found("seconds IS NOT NULL");
    throw error;
  });
  const form = numbers?.form ?? null;
  const plain = form === null || form === "s";
  const seconds = plain ? "seconds" : `CASE WHEN number THEN ${secondsOfNumber(form)} ELSE seconds END`;
  const believable = numbers?.strays
    ? `CASE WHEN number THEN ${isOfForm(numbers.form)} ELSE ${isBelievable("seconds")} END`
    : isBelievable(seconds);
  const dropped = await found(believable);
  const none = Object.keys(dropped).length === 0;
  const usable = none ? null : `(${reasonSql(reasonsOf(kept, more, believable))}) IS NULL`;
  return { usable, seconds, form, dropped };
}

/** Reasons for a bad row. */
const badReasons = ["noUser", "noItem", "badRow", "noTime"] as const;

/** Required columns in addition to person, item and time. */
type MoreColumns = "session" | "order" | "split";

/** Their names in table `events`. */
const sqlOf: Readonly<Record<MoreColumns, string>> = { session: "session", order: "ord", split: "split" };

/** A reason for a bad row; of `badRow`, the column without a value. */
interface Reason {
  readonly reason: DropReason;
  readonly sql: string;
  readonly column?: MoreColumns;
}

type Reasons = readonly Reason[];

function reasonsOf(kept: string, more: readonly MoreColumns[], believable: string): Reasons {
  return [
    { reason: "filtered", sql: `NOT ${kept}` },
    { reason: "noUser", sql: `"user" IS NULL` },
    { reason: "noItem", sql: "item IS NULL" },
    ...more.map((column) => ({ reason: "badRow", sql: `${sqlOf[column]} IS NULL`, column }) as const),
    { reason: "noTime", sql: `NOT COALESCE(${believable}, false)` },
  ];
}

/** SQL for the number of the first reason that is true for a row; null: the row is usable. */
function reasonSql(reasons: Reasons): string {
  return `CASE ${reasons.map(({ sql }, i) => `WHEN ${sql} THEN ${i}`).join(" ")} END`;
}

async function countReasons(database: DuckDBConnection, reasons: Reasons): Promise<CheckedRows["dropped"]> {
  const found = await database.runAndReadAll(
    `SELECT reason, count(*), min(event) FROM (SELECT ${reasonSql(reasons)} AS reason, rowid AS event FROM events) WHERE reason IS NOT NULL GROUP BY reason`,
  );
  const dropped: Partial<Record<DropReason, { count: number; first: number }>> = {};
  for (const [number = 0, count = 0, first = 0] of found.getRows().map((row) => row.map(Number))) {
    const name = reasons[number]?.reason ?? "badRow";
    const before = dropped[name];
    dropped[name] = { count: count + (before?.count ?? 0), first: Math.min(first, before?.first ?? first) };
  }
  return dropped;
}

async function firstBadRows(database: DuckDBConnection, reasons: Reasons): Promise<BadRow[]> {
  const rows = await database.runAndReadAll(
    `SELECT event, reason FROM (SELECT ${reasonSql(reasons)} AS reason, rowid AS event FROM events) WHERE reason > 0 ORDER BY event LIMIT ${listed}`,
  );
  return rows.getRows().map(([event, number]) => ({
    event: Number(event),
    ...(reasons[Number(number)] ?? { reason: "badRow" as const }),
  }));
}

/** `, line 9`, where blank lines or line ends in quotes move the row's line; else empty. */
async function lineInWords(table: TableFile, row: number): Promise<string> {
  const line = await table.movedLine?.(row);
  return line === undefined ? "" : `, line ${line}`;
}

/** Where a row is: its file, the column, the row, and its line where blank lines or line ends in quotes move it. */
async function placeInWords(loaded: readonly LoadedFile[], event: number, column: string): Promise<string> {
  const { file, row } = placeOfRow(loaded, event);
  return `${file.file}, column ${column}, row ${row}${await lineInWords(file.table, row)}`;
}

interface BadRow {
  readonly event: number;
  readonly reason: DropReason;
  readonly column?: MoreColumns;
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

/** What a column should hold, and what to do where it is empty. */
const emptyColumn: Readonly<Record<MoreColumns, readonly [expected: string, todo?: string]>> = {
  session: [
    "which session it was",
    "Name a session in every row, or leave out --session: sessions then end by --session-gap",
  ],
  order: ["its position in the order"],
  split: ["train, val or test"],
};

async function oneBadRow(
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
      expected: "a time in UTC, as 2017-06-20 00:33:46, or epoch seconds",
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
      found: `"${text}", which is no date of the form ${text.length === 8 ? "yyyymmdd" : "yyyymmddhhmmss"}`,
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
    expected: "a time in UTC, as 2017-06-20 00:33:46, or epoch seconds",
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

/** The error for more bad rows than `skipBad`, with the first of them. */
async function tooManyBadRows(
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
    const none = { noUser: "person", noItem: "item", noTime: "time" }[reason as "noUser"] ?? columns[column ?? "order"];
    found.push({ place: loaded.indexOf(file), row, file, text: time === null ? `no ${none}` : `time "${time}"` });
  }
  for (const [place, file] of loaded.entries()) {
    for (const { row, reason } of file.rejected.slice(0, listed)) found.push({ place, row, file, text: reason });
  }
  found.sort((a, b) => a.place - b.place || a.row - b.row);
  const list: string[] = [];
  for (const { file, row, text } of found.slice(0, listed))
    list.push(`${file.file} row ${row}${await lineInWords(file.table, row)} (${text})`);
  return dataError({
    where: "--skip-bad",
    found: `${all} bad rows, more than ${options.skipBad ?? 0}: ${list.join("; ")}${all > list.length ? "; …" : ""}`,
    expected: `at most ${options.skipBad ?? 0} bad rows (row 0 is the first below the header)`,
    todo: `Correct these rows, or give --skip-bad ${all}`,
  });
}
