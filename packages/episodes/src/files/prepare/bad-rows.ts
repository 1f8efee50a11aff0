import type { DuckDBConnection } from "@duckdb/node-api";
import type { DropReason } from "../../core/dropped-rows.js";
import { type BadRow, listedRows, type MoreColumns } from "./bad-row.js";
import { oneBadRow, placeInWords, tooManyBadRows } from "./bad-row-errors.js";
import type { LoadedFile } from "./load-events.js";
import type { ReadOptions } from "./options.js";
import { formOfNumbers, isBelievable, isOfForm, type NumberForm, secondsOfNumber } from "./time-column.js";

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
    `SELECT event, reason FROM (SELECT ${reasonSql(reasons)} AS reason, rowid AS event FROM events) WHERE reason > 0 ORDER BY event LIMIT ${listedRows}`,
  );
  return rows.getRows().map(([event, number]) => ({
    event: Number(event),
    ...(reasons[Number(number)] ?? { reason: "badRow" as const }),
  }));
}
