import type { DuckDBConnection } from "@duckdb/node-api";
import { dataError, usageError } from "@kshot/contract";
import { isNullName } from "./null-names.js";
import type { TimeUnit } from "./options.js";
import { reasonOf, textLiteral } from "./readers/sql-text.js";
import { formsInWords, formsOfTime } from "./time-forms.js";

/** Units per second. */
const unitsPerSecond = { s: "1", ms: "1e3", us: "1e6", ns: "1e9" } as const;

/** Accepted times, epoch seconds: the years 1900 to 2199. Others are mistakes of unit or form. */
const earliest = -2208988800;
const latest = 7258118400;

/** Numbers that are read as time since 1970 without a given unit, epoch seconds: 1980 to 2033, below yyyymmddhh of 2000 and later. */
const plausible = { from: 315532800, to: 2000000000 } as const;

/**
 * Ticks of .NET, 100 ns since the year 1, from 1965 to 2091. Nanoseconds of 1990 and before have such values too, so they need a
 * flag.
 */
const ticks = { from: 6.2e17, to: 6.6e17 } as const;

/** The advice for ticks, which no --time-unit reads. */
export const ticksHint = "These are most likely ticks of .NET, 100 ns since the year 1: write them as dates first";

/** Whether a number is in the range of .NET's ticks. */
export function isTicks(value: number): boolean {
  return value >= ticks.from && value < ticks.to;
}

/** Forms of numbers. */
export type NumberForm = TimeUnit | "yyyymmdd" | "yyyymmddhhmmss";

/** Numbers of each form, from the first to below the second; no two ranges overlap. */
const ranges: Readonly<Record<NumberForm, readonly [from: number, to: number]>> = {
  s: [plausible.from, plausible.to],
  ms: [plausible.from * 1e3, plausible.to * 1e3],
  us: [plausible.from * 1e6, plausible.to * 1e6],
  ns: [ticks.to, plausible.to * 1e9],
  yyyymmdd: [19000101, 21991232],
  yyyymmddhhmmss: [19000101000000, 21991231235960],
};

const formNames = Object.keys(ranges) as NumberForm[];

/** SQL condition for numbers of a form, in the column `seconds`. */
export function isOfForm(form: NumberForm): string {
  return between("seconds", ...ranges[form]);
}

function between(value: string, from: number, to: number): string {
  return `(${value} >= ${from} AND ${value} < ${to})`;
}

/** Description of a recognised form; seconds have none. */
export const formInWords: Readonly<Record<NumberForm, string>> = {
  s: "seconds since 1970",
  ms: "milliseconds since 1970",
  us: "microseconds since 1970",
  ns: "nanoseconds since 1970",
  yyyymmdd: "dates, yyyymmdd",
  yyyymmddhhmmss: "dates and times, yyyymmddhhmmss",
};

/**
 * A time that is written as a date, or as date and time: ISO 8601 and its relatives. Fractions after a point or a comma; a zone
 * as Z, UTC, GMT or hours and minutes.
 */
const writtenTime =
  "(?i)^\\s*\\d{4}[-/ ]\\d{1,2}[-/ ]\\d{1,2}((T|\\s+)\\d{1,2}:\\d{1,2}(:\\d{1,2}([.,]\\d+)?)?\\s*(Z|UTC|GMT|[+-](0\\d|1[0-8])(:?[0-5]\\d)?)?)?\\s*$";

/** The zone behind a clock, and the clock's last part. */
const zoneOfClock = "(?i)(:\\d{1,2}(?:[.,]\\d+)?)\\s*(?:Z|UTC|GMT|([+-])(\\d{2}):?(\\d{2})?)\\s*$";

/**
 * SQL of two columns for a text: `number`, true for a number without a unit; `seconds`, epoch seconds (UTC) of
 * `2017-06-20 00:33:46`, ISO 8601 with or without a zone (none: UTC), or of `format`. Both are null for any other text.
 */
export function timeColumns(
  text: string,
  { unit, format }: { unit?: TimeUnit | undefined; format?: string | undefined },
): {
  number: string;
  seconds: string;
} {
  if (format !== undefined) {
    return { number: "NULL::DOUBLE", seconds: `epoch(try_strptime(${text}, ${textLiteral(format)}))` };
  }
  const cast = (value: string) => `epoch(TRY_CAST(${value} AS TIMESTAMP))`;
  // Most files use one of these forms; they are tested first, because the others take five times as long.
  const isPlain = `${text} LIKE '____-__-__ __:__:__'`;
  const isUtc = `${text} LIKE '____-__-__T__:__:__Z' OR ${text} LIKE '____-__-__T__:__:__.%Z'`;
  // DuckDB's TIMESTAMP cast ignores some zones and reads other texts as times (`epoch`, years BC), and TIMESTAMPTZ needs an extension
  // that is not included. So the form is checked here, and the zone subtracted.
  const zone = `regexp_extract(${text}, '${zoneOfClock}', ['clock', 'sign', 'hours', 'minutes'])`;
  const whole = (name: string) => `COALESCE(TRY_CAST(${zone}.${name} AS INTEGER), 0)`;
  const offset = `CASE ${zone}.sign WHEN '-' THEN -60 ELSE 60 END * (60 * ${whole("hours")} + ${whole("minutes")})`;
  const local = `replace(upper(regexp_replace(${text}, '${zoneOfClock}', '\\1')), ',', '.')`;
  const number = `TRY_CAST(${text} AS DOUBLE)${unit === undefined ? "" : ` / ${unitsPerSecond[unit]}`}`;
  return {
    number: `CASE WHEN ${isPlain} THEN NULL ELSE ${number} END`,
    seconds: `CASE WHEN ${isPlain} OR ${isUtc} THEN ${cast(text)} WHEN regexp_matches(${text}, '${writtenTime}') THEN ${cast(local)} - ${offset} END`,
  };
}

/** Whether a text has the form of a written time, with any numbers. */
export async function isWrittenTime(database: DuckDBConnection, text: string): Promise<boolean> {
  const found = await database.runAndReadAll(`SELECT regexp_matches(${textLiteral(text)}, '${writtenTime}')`);
  return found.getRows()[0]?.[0] === true;
}

/** SQL condition for accepted epoch seconds. */
export function isBelievable(seconds: string): string {
  return between(seconds, earliest, latest);
}

/** Letters of `strptime` that read a day or a part of a date; those that read a year. */
const dateLetters = /[aAwdbBmyYjUWcxGuVD]/;
const yearLetters = /[yYcxGD]/;

/** Whether a form reads a year; without one, DuckDB takes 1900. */
export function readsYear(format: string): boolean {
  return yearLetters.test(lettersOf(format));
}

function lettersOf(format: string): string {
  return [...format.matchAll(/%-?(.)/gs)].map(([, letter]) => letter).join("");
}

/** @throws `USAGE` for a form that DuckDB does not know, and for one that reads no date. */
export async function checkTimeFormat(database: DuckDBConnection, format: string): Promise<void> {
  try {
    await database.run(`SELECT try_strptime('2017', ${textLiteral(format)})`);
  } catch (cause) {
    throw usageError({
      where: "--time-format",
      found: `"${format}": ${reasonOf(cause)}`,
      expected: "letters of strptime, such as %d/%m/%Y %H:%M:%S",
      cause,
    });
  }
  if (!dateLetters.test(lettersOf(format))) {
    throw usageError({
      where: "--time-format",
      found: `"${format}", which reads no date: all events would be of one day`,
      expected: "a form with day, month and year, such as %d/%m/%Y %H:%M:%S",
      todo: clockHint,
    });
  }
}

/**
 * The form of all numbers in the time column, recognised by their size: table `events` with the columns `seconds` and `number`
 * (true: `seconds` is a number without a unit). Null without numbers. With `strayOk`, less than half of them can have another form;
 * `strays` is then true.
 *
 * @throws `DATA` for numbers with no form or several.
 */
export async function formOfNumbers(
  database: DuckDBConnection,
  chosen: string,
  where: string,
  { strayOk, describe }: { strayOk: boolean; describe: (row: number) => Promise<string> },
): Promise<{ form: NumberForm; strays: boolean } | null> {
  const found = await database.runAndReadAll(
    `SELECT count(seconds), min(seconds), max(seconds) FROM events WHERE number AND isfinite(seconds) AND ${chosen}`,
  );
  const [all = 0, least = 0, most = 0] = (found.getRows()[0] ?? []).map(Number);
  if (all === 0) return null;
  const several = (why: string, hint: string) =>
    dataError({
      where,
      found: `numbers from ${least} to ${most}, which may ${why}`,
      expected: "text, or numbers that can only be read in one way",
      todo: hint,
    });
  /** Dates without separators can have the size of numbers that count seconds. */
  const refuseDates = async (form: NumberForm) => {
    const dates = form in unitsPerSecond ? await datesAmong(database, chosen, all) : [];
    if (dates.length > 0) throw several(`be ${formInWords[form]} or dates`, hintFor([least, most], dates));
  };
  // Forms are ranges: if the smallest and the largest number have one form, all have.
  const form = formNames.find((name) => least >= ranges[name][0] && most < ranges[name][1]);
  if (form !== undefined) {
    await refuseDates(form);
    return { form, strays: false };
  }
  const counted = await database.runAndReadAll(
    `SELECT ${formNames.map((name) => `count(*) FILTER (${isOfForm(name)})`).join(", ")} FROM events WHERE number AND isfinite(seconds) AND ${chosen}`,
  );
  const counts = (counted.getRows()[0] ?? []).map(Number);
  const largest = Math.max(...counts);
  const nearest = formNames[counts.indexOf(largest)] ?? "s";
  const share = largest / all;
  if (share > 0.5) await refuseDates(nearest);
  if (share > 0.5 && strayOk) return { form: nearest, strays: true };
  if (share > 0.5) {
    // Most numbers have one form, so the others are wrong.
    const other = await database.runAndReadAll(
      `SELECT event, seconds FROM (SELECT *, rowid AS event FROM events) WHERE number AND isfinite(seconds) AND ${chosen} AND NOT ${isOfForm(nearest)} ORDER BY event LIMIT 1`,
    );
    const [row, value] = (other.getRows()[0] ?? []).map(Number);
    // A flag applies to every row. A flag that fits only this row would make the other rows wrong.
    const together =
      unitsOf(least, most).length > 0
        ? hintFor([least, most])
        : "Write all times in one unit: convert the rows, or the file, whose numbers differ";
    throw dataError({
      where: await describe(row ?? 0),
      found: `${value}, where most numbers are ${formInWords[nearest]}`,
      expected: "one kind of number in the time column",
      todo: `${together}; or leave such rows out with --null ${value} --skip-bad N`,
    });
  }
  throw several("count days, seconds or anything else", hintFor([least, most]));
}

/** Numbers that are looked at for dates. */
const lookedAt = 2000;

/**
 * Flags for the dates that more than half of the numbers look like; of seconds since 1970, less than 1 % do so by chance.
 *
 * @param all the number of numbers
 */
async function datesAmong(database: DuckDBConnection, chosen: string, all: number): Promise<readonly string[]> {
  const found = await database.runAndReadAll(
    `SELECT CAST(seconds AS BIGINT)::VARCHAR FROM events
     WHERE number AND seconds BETWEEN 1 AND 9e18 AND seconds = floor(seconds) AND ${chosen} AND rowid % ${Math.ceil(all / lookedAt)} = 0 LIMIT ${2 * lookedAt}`,
  );
  const texts = found.getRows().map(([text]) => String(text));
  return flagsOf(dateForms, (pattern) => 2 * texts.filter((text) => pattern.test(text)).length > texts.length);
}

const day = "(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])";
const hour = "([01]\\d|2[0-3])";
const minute = "[0-5]\\d";
const year = "(19|20)\\d{2}";

type DateForms = readonly (readonly [pattern: string, form: string | undefined])[];

/** Dates that are written as numbers, with valid months, days and hours, and their forms in `strptime` letters. */
const dateForms: DateForms = [
  [`\\d{2}${day}`, "%y%m%d"],
  [`\\d{2}${day}${hour}${minute}`, "%y%m%d%H%M"],
  [`\\d{2}${day}${hour}${minute}${minute}`, "%y%m%d%H%M%S"],
  [`${year}${day}`, "%Y%m%d"],
  [`${year}${day}${hour}`, "%Y%m%d%H"],
  [`${year}${day}${hour}${minute}`, "%Y%m%d%H%M"],
  [`${year}${day}${hour}${minute}${minute}`, "%Y%m%d%H%M%S"],
  // Years such as 05, whose zero a number has lost, and fractions of seconds.
  [`\\d${day}${hour}${minute}(${minute})?`, undefined],
  [`(${year}|\\d{2})${day}${hour}${minute}${minute}\\d+`, undefined],
];

/** Flags for the forms of dates that are chosen. */
function flagsOf(forms: DateForms, chosen: (pattern: RegExp) => boolean): string[] {
  const flags = forms
    .filter(([pattern]) => chosen(new RegExp(`^${pattern}$`)))
    .map(([, form]) => (form === undefined ? "dates as 2017-06-20 00:33:46" : `--time-format '${form}'`));
  return [...new Set(flags)];
}

/** The units in which all these numbers are times from 1980 to 2033. */
export function unitsOf(...values: readonly number[]): TimeUnit[] {
  return (["s", "ms", "us", "ns"] as const).filter((unit) =>
    values.every((value) => {
      const seconds = value / Number(unitsPerSecond[unit]);
      return seconds >= plausible.from && seconds < plausible.to;
    }),
  );
}

/**
 * Flags with which all these numbers are times from 1980 to 2033.
 *
 * @param dates flags for the dates that they look like; by default those that all of them look like
 */
function hintFor(
  values: readonly number[],
  dates: readonly string[] = flagsOf(
    dateForms.filter(([, form]) => form !== undefined),
    (pattern) => values.every((value) => pattern.test(String(value))),
  ),
): string {
  if (values.every(isTicks)) return ticksHint;
  const hints = [
    ...unitsOf(...values).map((unit) => `--time-unit ${unit}`),
    ...dates.map((flag) => `${flag} where they are dates`),
  ];
  if (hints.length > 0) return `Say which with ${hints.join(" or ")}`;
  return "Say what they count with --time-unit s, ms, us or ns; day numbers (of a course or a spreadsheet) must be converted to dates first; to use only their order, add --time-unit s --session-gap none";
}

/** SQL that converts a number of a form to epoch seconds; null if it is not a date. */
export function secondsOfNumber(form: NumberForm): string {
  if (form === "yyyymmdd" || form === "yyyymmddhhmmss") {
    const format = form === "yyyymmdd" ? "%Y%m%d" : "%Y%m%d%H%M%S";
    return `epoch(try_strptime(CAST(CAST(seconds AS BIGINT) AS VARCHAR), '${format}'))`;
  }
  return form === "s" ? "seconds" : `seconds / ${unitsPerSecond[form]}`;
}

const clockHint = "If the date is in another column, join the two columns into one first, as 2017-06-20 00:33:46";

/**
 * Advice for a text that is not a time.
 *
 * @param column the name of the time column
 */
export async function timeFormatHint(database: DuckDBConnection, text: string, column: string): Promise<string> {
  if (/^[+-]?\d+,\d+$|^\d{1,3}([,.']\d{3})+$/.test(text)) {
    return "Write numbers with a point for decimals and without marks between thousands";
  }
  if (/^\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[ap]m)?$/i.test(text)) return clockHint;
  if (isNullName(text)) return `If it means a missing value, add --null ${text} --skip-bad N`;
  if (text === column)
    return "It is a second header, probably of concatenated files: leave such rows out with --skip-bad N";
  const forms: string[] = [];
  for (const form of formsOfTime(text)) {
    const seconds = timeColumns(textLiteral(text), { format: form }).seconds;
    const read = await database.runAndReadAll(`SELECT COALESCE(${isBelievable(seconds)}, false)`);
    if (read.getRows()[0]?.[0] === true) forms.push(form);
  }
  if (forms.length > 0) return `Say its form with --time-format, as ${formsInWords(forms)}`;
  if (/[a-z]\]?$/i.test(text) && /\d:\d{2}/.test(text))
    return "Write zones as hours, as 2017-06-20T00:33:46+02:00, or read their names with %Z, as --time-format '%Y-%m-%d %H:%M:%S %Z'";
  return "If it has another form, give --time-format, such as '%d/%m/%Y %H:%M:%S'; a few bad rows are left out with --skip-bad N";
}
