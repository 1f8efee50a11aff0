import { type KshotError, usageError } from "@kshot/contract";
import { reasonOf } from "../readers/sql-text.js";

/** Words of DuckDB's errors about a file. */
const ofFile = /CSV Error|in file|state machine|unicode \(|utf-8/i;

/** A reason of DuckDB without the kind of error before it. */
export function withoutKind(reason: string): string {
  return reason.replace(/^[A-Z][A-Za-z ]* Error: /, "");
}

/** The error for a value with which the expression cannot be computed, if DuckDB's error is of this kind; it names the value. */
export function notComputable(where: string, cause: unknown): KshotError | undefined {
  const reason = reasonOf(cause);
  if (!/^(Conversion|Out of Range|Invalid Input|Syntax) Error/.test(reason) || ofFile.test(reason)) return undefined;
  return refused(
    where,
    `what cannot be computed of every row: ${withoutKind(reason)}`,
    "an expression that holds for every row, as TRY_CAST(rating AS INTEGER) >= 4",
    cause,
  );
}

/** The error for an expression that is refused. */
export function refused(where: string, found: string, expected?: string, cause?: unknown): KshotError {
  return usageError({
    where: "--where",
    found: `"${shortened(where.replace(/\s*\n\s*/g, " "))}" holds ${found}`,
    expected: expected ?? "one expression over the row's columns that is true or false, as rating >= 4",
    ...advice(found),
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The beginning of a long expression. */
function shortened(where: string): string {
  return where.length > 300 ? `${where.slice(0, 300)}…` : where;
}

/** The advice for an error of DuckDB. */
function advice(found: string): { todo?: string } {
  if (/No function matches/.test(found)) {
    return {
      todo: "Use a number as text with CAST(item AS VARCHAR), and text as a number with CAST(rating AS DOUBLE)",
    };
  }
  if (!/explicit cast/.test(found)) return {};
  if (/DATE|TIMESTAMP/.test(found))
    return { todo: "Compare text as a date with CAST(day AS DATE) >= DATE '2020-01-31'" };
  return {
    todo: "Compare text as a number with CAST(rating AS DOUBLE) >= 4, or with replace(rating, ',', '.') instead of rating if it has decimal commas",
  };
}
