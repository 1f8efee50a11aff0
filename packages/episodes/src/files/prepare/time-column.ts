import type { DuckDBConnection } from "@duckdb/node-api";
import { dataError, usageError } from "@kshot/contract";
import type { TimeUnit } from "./options.js";
import { reasonOf, textLiteral } from "./readers/sql-text.js";

/** Units per second. */
const unitsPerSecond = { s: "1", ms: "1e3", us: "1e6", ns: "1e9" } as const;

/** Accepted times, epoch seconds: the years 1900 to 2199. Others are mistakes of unit or form. */
const earliest = -2208988800;
const latest = 7258118400;

/** Numbers that are read as time since 1970 without a given unit, epoch seconds: 1980 to 2033, below the range of yyyymmddhh. */
const plausible = { from: 315532800, to: 2000000000 } as const;

/** Forms of numbers. */
export type NumberForm = TimeUnit | "yyyymmdd" | "yyyymmddhhmmss";

/** Numbers of each form, from the first to below the second; no two ranges overlap. */
const ranges: Readonly<Record<NumberForm, readonly [from: number, to: number]>> = {
  s: [plausible.from, plausible.to],
  ms: [plausible.from * 1e3, plausible.to * 1e3],
  us: [plausible.from * 1e6, plausible.to * 1e6],
  ns: [plausible.from * 1e9, plausible.to * 1e9],
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
 * SQL of two columns for a text: `number`, where it is a number that has no unit yet; `seconds`, epoch seconds (UTC) of
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
  // DuckDB's TIMESTAMP cast silently ignores a zone such as +02:00, and TIMESTAMPTZ needs an extension that is not included.
  // So the zone is subtracted here. The plain form is tested first, because it has no zone and most files use it.
  const zone = `regexp_extract(${text}, ':\\d{2}(?:\\.\\d+)?\\s?([+-]\\d{2}):?(\\d{2})?$', ['hours', 'minutes'])`;
  const hours = `TRY_CAST(${zone}.hours AS INTEGER)`;
  const minutes = `COALESCE(TRY_CAST(${zone}.minutes AS INTEGER), 0)`;
  const offset = `COALESCE(3600 * ${hours} + CASE WHEN ${zone}.hours LIKE '-%' THEN -60 ELSE 60 END * ${minutes}, 0)`;
  const cast = (value: string) => `epoch(TRY_CAST(${value} AS TIMESTAMP))`;
  const timestamp = cast(text);
  // The cast knows no blank before the hours of a zone, and no zone behind minutes.
  const tight = `regexp_replace(${text}, ' ([+-]\\d{2}:?(\\d{2})?)$', '\\1')`;
  const mended = `regexp_replace(${tight}, '([T ]\\d{2}:\\d{2})(Z|[+-]\\d{2}:?(\\d{2})?)$', '\\1:00\\2')`;
  const zoned = `COALESCE(${timestamp}, ${cast(mended)})`;
  const number = `TRY_CAST(${text} AS DOUBLE)${unit === undefined ? "" : ` / ${unitsPerSecond[unit]}`}`;
  return {
    number: `CASE WHEN ${text} LIKE '____-__-__ __:__:__' THEN NULL ELSE ${number} END`,
    seconds: `CASE WHEN ${text} LIKE '____-__-__ __:__:__' THEN ${timestamp} ELSE ${zoned} - ${offset} END`,
  };
}

/** SQL condition for accepted epoch seconds. */
export function isBelievable(seconds: string): string {
  return between(seconds, earliest, latest);
}

/** @throws `USAGE` for a form that DuckDB does not know. */
export async function checkTimeFormat(database: DuckDBConnection, format: string): Promise<void> {
  try {
    await database.run(`SELECT try_strptime('2017', ${textLiteral(format)})`);
  } catch (cause) {
    throw usageError({
      where: "--time-format",
      found: `"${format}": ${reasonOf(cause)}`,
      expected: "letters of strptime, as %d/%m/%Y %H:%M:%S",
      cause,
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
  { strayOk, describe }: { strayOk: boolean; describe: (row: number) => string },
): Promise<{ form: NumberForm; strays: boolean } | null> {
  const found = await database.runAndReadAll(
    `SELECT count(seconds), min(seconds), max(seconds) FROM events WHERE number AND isfinite(seconds) AND ${chosen}`,
  );
  const [all = 0, least = 0, most = 0] = (found.getRows()[0] ?? []).map(Number);
  if (all === 0) return null;
  // Forms are ranges: if the smallest and the largest number have one form, all have.
  const form = formNames.find((name) => least >= ranges[name][0] && most < ranges[name][1]);
  if (form !== undefined) return { form, strays: false };
  const counted = await database.runAndReadAll(
    `SELECT ${formNames.map((name) => `count(*) FILTER (${isOfForm(name)})`).join(", ")} FROM events WHERE number AND isfinite(seconds) AND ${chosen}`,
  );
  const counts = (counted.getRows()[0] ?? []).map(Number);
  const largest = Math.max(...counts);
  const nearest = formNames[counts.indexOf(largest)] ?? "s";
  const share = largest / all;
  if (share > 0.5 && strayOk) return { form: nearest, strays: true };
  if (share > 0.5) {
    // Most numbers have one form, so the others are wrong.
    const other = await database.runAndReadAll(
      `SELECT event, seconds FROM (SELECT *, rowid AS event FROM events) WHERE number AND isfinite(seconds) AND ${chosen} AND NOT ${isOfForm(nearest)} ORDER BY event LIMIT 1`,
    );
    const [row, value] = (other.getRows()[0] ?? []).map(Number);
    throw dataError({
      where: describe(row ?? 0),
      found: `${value}, where most numbers are ${formInWords[nearest]}`,
      expected: "one kind of number in the time column",
      todo: `${hintFor(value ?? 0)}; or leave such rows out with --null ${value} --skip-bad N`,
    });
  }
  throw dataError({
    where,
    found: `numbers from ${least} to ${most}, which may count days, seconds or anything else`,
    expected: "text, or numbers that can only be read in one way",
    todo: hintFor(least, most),
  });
}

const day = "(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])";
const minute = "[0-5]\\d";

/** Dates that are written as numbers, with months, days and hours that there are. */
const dateForms: readonly (readonly [pattern: RegExp, form: string])[] = [
  [new RegExp(`^\\d{2}${day}$`), "%y%m%d"],
  [new RegExp(`^(19|20)\\d{2}${day}$`), "%Y%m%d"],
  [new RegExp(`^(19|20)\\d{2}${day}([01]\\d|2[0-3])$`), "%Y%m%d%H"],
  [new RegExp(`^(19|20)\\d{2}${day}([01]\\d|2[0-3])${minute}$`), "%Y%m%d%H%M"],
  [new RegExp(`^(19|20)\\d{2}${day}([01]\\d|2[0-3])${minute}${minute}$`), "%Y%m%d%H%M%S"],
];

/** Flags with which all these numbers are times from 1980 to 2033. */
function hintFor(...values: readonly number[]): string {
  const units = (["s", "ms", "us", "ns"] as const).filter((unit) =>
    values.every((value) => {
      const seconds = value / Number(unitsPerSecond[unit]);
      return seconds >= plausible.from && seconds < plausible.to;
    }),
  );
  const dates = dateForms.filter(([pattern]) =>
    values.every((value) => Number.isInteger(value) && value > 0 && pattern.test(String(value))),
  );
  const hints = [
    ...units.map((unit) => `--time-unit ${unit}`),
    ...dates.map(([, form]) => `--time-format '${form}' where they are dates`),
  ];
  if (hints.length > 0) return `Say which with ${hints.join(" or ")}`;
  return "Say what they count with --time-unit s, ms, us or ns; day numbers (of a course or a spreadsheet) must become dates first, or are taken for their order alone with --time-unit s --session-gap none";
}

/** SQL that converts a number of a form to epoch seconds; null if it is not a date. */
export function secondsOfNumber(form: NumberForm): string {
  if (form === "yyyymmdd" || form === "yyyymmddhhmmss") {
    const format = form === "yyyymmdd" ? "%Y%m%d" : "%Y%m%d%H%M%S";
    return `epoch(try_strptime(CAST(CAST(seconds AS BIGINT) AS VARCHAR), '${format}'))`;
  }
  return form === "s" ? "seconds" : `seconds / ${unitsPerSecond[form]}`;
}

/** Common forms of text that DuckDB's cast does not read. */
const commonForms: readonly (readonly [pattern: RegExp, forms: string])[] = [
  [/^\d{1,2}\/\d{1,2}\/\d{4}$/, "'%d/%m/%Y' (day first) or '%m/%d/%Y' (month first)"],
  [/^\d{1,2}\/\d{1,2}\/\d{4} \d{1,2}:\d{2}$/, "'%d/%m/%Y %H:%M' (day first) or '%m/%d/%Y %H:%M' (month first)"],
  [
    /^\d{1,2}\/\d{1,2}\/\d{4} \d{1,2}:\d{2}:\d{2}$/,
    "'%d/%m/%Y %H:%M:%S' (day first) or '%m/%d/%Y %H:%M:%S' (month first)",
  ],
  [/^\d{1,2}\/\d{1,2}\/\d{4},? \d{1,2}:\d{2}(:\d{2})? [AP]M$/i, "'%m/%d/%Y %I:%M:%S %p', in the order of its parts"],
  [/^\d{1,2}\.\d{1,2}\.\d{4}$/, "'%d.%m.%Y'"],
  [/^\d{1,2}\.\d{1,2}\.\d{4} \d{1,2}:\d{2}$/, "'%d.%m.%Y %H:%M'"],
  [/^\d{1,2}\.\d{1,2}\.\d{4} \d{1,2}:\d{2}:\d{2}$/, "'%d.%m.%Y %H:%M:%S'"],
  [/^\d{2}-\d{2}-\d{2}$/, "'%y-%m-%d' or '%d-%m-%y', in the order of its parts"],
  [/^\d{1,2}-\d{1,2}-\d{4}/, "'%d-%m-%Y' or '%m-%d-%Y', in the order of its parts"],
  [/^[A-Z][a-z]{2} [A-Z][a-z]{2} \d{1,2} \d{2}:\d{2}:\d{2} [+-]\d{4} \d{4}$/, "'%a %b %d %H:%M:%S %z %Y'"],
  [/^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/, "'%a, %d %b %Y %H:%M:%S GMT'"],
  [/^\d{1,2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2} [+-]\d{4}$/, "'%d/%b/%Y:%H:%M:%S %z'"],
  [/^\d{8}T\d{6}Z?$/, "'%Y%m%dT%H%M%SZ', with the Z where it has one"],
  [/^[A-Z][a-z]{2} \d{1,2}, \d{4}$/, "'%b %d, %Y'"],
];

/** Advice for a text that is not a time. */
export function timeFormatHint(text: string): string {
  if (/^[+-]?\d+,\d+$|^\d{1,3}([,.']\d{3})+$/.test(text)) {
    return "Write numbers with a point for decimals and without marks between thousands";
  }
  if (/[a-z]\]?$/i.test(text) && /\d:\d{2}/.test(text) && !/\d\s?([AP]M|Z|GMT|UTC)$/i.test(text)) {
    return "Write zones as hours, as 2017-06-20T00:33:46+02:00";
  }
  const found = commonForms.find(([pattern]) => pattern.test(text));
  return found
    ? `Say its form with --time-format, as ${found[1]}`
    : "Where it has another form, name it with --time-format, as '%d/%m/%Y %H:%M:%S'";
}
