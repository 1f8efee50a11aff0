import type { DuckDBConnection } from "@duckdb/node-api";
import { trimmed } from "./readers/sql-text.js";
import { timeColumns } from "./time-column.js";

/** A whole or decimal number. */
const decimal = "^[+-]?(\\d+\\.?\\d*|\\.\\d+)$";

/** A number, with or without an exponent. */
const anyNumber = "^[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?$";

/** Digits of the longest exact number. */
const longest = 38;

/**
 * SQL by which events of equal times are ordered: the values of `--order` as numbers if all are numbers (exact up to 38 digits), as
 * times if all are times, else as text in byte order.
 *
 * @param rows SQL of the rows, with the column `ord`
 */
export async function orderValue(database: DuckDBConnection, rows: string): Promise<string> {
  const ord = trimmed("ord");
  const time = timeColumns(ord, {}).seconds;
  const found = await database.runAndReadAll(
    `SELECT count(*) FILTER (NOT regexp_matches(${ord}, '${decimal}')), count(*) FILTER (NOT regexp_matches(${ord}, '${anyNumber}')),
       count(*) FILTER (${time} IS NULL), max(length(regexp_extract(${ord}, '^[+-]?(\\d*)', 1))), max(length(regexp_extract(${ord}, '\\.(\\d*)$', 1)))
     FROM ${rows}`,
  );
  const [notDecimal, notNumber, notTime, whole, fraction] = (found.getRows()[0] ?? []).map(Number);
  if (notDecimal === 0 && (whole ?? 0) + (fraction ?? 0) <= longest) {
    return `CAST(${ord} AS DECIMAL(${longest}, ${fraction ?? 0}))`;
  }
  if (notNumber === 0) return `CAST(${ord} AS DOUBLE)`;
  return notTime === 0 ? time : ord;
}
