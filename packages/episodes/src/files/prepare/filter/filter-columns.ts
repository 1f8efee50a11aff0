import type { DuckDBConnection } from "@duckdb/node-api";
import { KshotError, usageError } from "@kshot/contract";
import { normalNameSql, reasonOf } from "../readers/sql-text.js";
import type { ColumnValue, TableFile } from "../readers/table-file.js";
import { refused, withoutKind } from "./filter-errors.js";
import type { RowFilter } from "./parse-row-filter.js";

/** The type under which a text column is compared, by its values: a number if every value is a number, else text. */
type ComparedAs = "BIGINT" | "HUGEINT" | "DOUBLE" | "BOOLEAN" | "VARCHAR";

/**
 * For each file the SQL of the expression's columns, `… AS w0, … AS t0`. Columns of text files are compared as numbers if all
 * values of all files are numbers. With text in quotes, whole numbers are compared as the text in the file: `'0123'` is not 123.
 *
 * @throws a `USAGE` error for a column that no file has, an expression that is not true or false, and numbers that text in quotes
 * orders, or with decimals that are compared with it.
 */
export async function filterColumns(
  database: DuckDBConnection,
  where: string,
  { columns, sql, besideText }: RowFilter,
  tables: readonly TableFile[],
): Promise<readonly string[]> {
  const values = tables.map((table) => columns.map((name) => columnFor(table, name)));
  const valueIn = (table: number, column: number) => values[table]?.[column] as FilteredColumn;
  const types = await Promise.all(
    columns.map(async (_, at): Promise<ComparedAs> => {
      const found = new Set<ComparedAs>();
      for (const [i, table] of tables.entries()) {
        const { text, typed } = valueIn(i, at);
        const type = typed === undefined ? await typeOf(database, table, text) : undefined;
        if (type !== undefined) found.add(type);
      }
      if (found.size === 0) await requireKey(tables, (i) => valueIn(i, at).name);
      const [one = "VARCHAR", ...others] = found;
      if (others.length === 0) return one;
      if (found.has("VARCHAR") || found.has("BOOLEAN")) return "VARCHAR";
      return found.has("DOUBLE") ? "DOUBLE" : "HUGEINT";
    }),
  );
  /** The columns of a file under the names that the expression has for them. */
  const chosenOf = (table: number) =>
    columns.flatMap((name, at) => {
      const { text, typed } = valueIn(table, at);
      const type = typed?.type ?? types[at] ?? "VARCHAR";
      const value = typed?.sql ?? asType(text, type);
      const uses = besideText.filter(({ column }) => column === at).map(({ use }) => use);
      const whole = wholeType.test(type);
      if ((whole && uses.includes("ordered")) || (decimalType.test(type) && uses.some((use) => use !== "text"))) {
        const found = `text in quotes with ${name}, which holds numbers`;
        throw refused(where, found, `numbers without quotes, as ${name} >= 4`);
      }
      return [`${value} AS w${at}`, ...(uses.length > 0 ? [`${whole ? text : value} AS t${at}`] : [])];
    });
  return Promise.all(
    tables.map(async (table, i) => {
      const list = chosenOf(i).join(", ");
      try {
        const described = await database.runAndReadAll(
          `DESCRIBE SELECT ${sql} AS kept FROM (SELECT ${list} FROM ${table.rows})`,
        );
        const type = String(described.getRows()[0]?.[1]);
        if (type !== "BOOLEAN") throw refused(where, `an expression of type ${type}`, "one that is true or false");
      } catch (cause) {
        if (KshotError.isInstance(cause)) throw cause;
        throw refused(where, `what DuckDB refuses: ${withoutKind(reasonOf(cause))}`, undefined, cause);
      }
      return list;
    }),
  );
}

/** DuckDB's types of whole numbers, and of others. */
const wholeType = /^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/;
const decimalType = /^(DOUBLE|FLOAT|DECIMAL)/;

/** A column in a file: the name there, its text as names are compared, and its value in the file's own type, if that is not text. */
interface FilteredColumn extends ColumnValue {
  readonly name: string;
}

function columnFor(table: TableFile, asked: string): FilteredColumn {
  // A name in SQL may be written in another case.
  const alike = table.columns.filter((column) => column.toLowerCase() === asked.toLowerCase());
  const other = !table.columns.includes(asked) && alike.length === 1 ? alike[0] : undefined;
  const name = other ?? asked;
  try {
    const { text, typed } = table.column(name);
    return {
      name,
      text: `nullif(${normalNameSql(text)}, '')`,
      ...(typed === undefined || typed.type === "VARCHAR" ? {} : { typed }),
    };
  } catch (cause) {
    throw notThere(cause as KshotError);
  }
}

/** @throws the error for a key that no row of any file has, if all files are JSON. */
async function requireKey(tables: readonly TableFile[], nameIn: (table: number) => string): Promise<void> {
  const errors: KshotError[] = [];
  for (const [i, table] of tables.entries()) {
    const error = await table.absent?.(nameIn(i));
    if (error === undefined) return;
    errors.push(error);
  }
  if (errors[0] !== undefined) throw notThere(errors[0]);
}

/** The error for a column of the expression that is not there. */
function notThere(cause: KshotError): KshotError {
  return usageError({ ...cause.parts, where: `--where, ${cause.parts.where}`, cause });
}

/** SQL of a text in a type; NaN is a missing value, because DuckDB orders it as the greatest number. */
function asType(text: string, type: string): string {
  return type === "DOUBLE" ? `nullif(CAST(${text} AS DOUBLE), 'NaN'::DOUBLE)` : `CAST(${text} AS ${type})`;
}

/** The type of a column's values; undefined if it has none. */
async function typeOf(database: DuckDBConnection, table: TableFile, value: string): Promise<ComparedAs | undefined> {
  const every = (condition: string) => `count(*) FILTER (NOT COALESCE(${condition}, false)) = 0`;
  const whole = (type: string) => every(`regexp_matches(v, '^[+-]?\\d+$') AND TRY_CAST(v AS ${type}) IS NOT NULL`);
  const found = await table.attempt(() =>
    database.runAndReadAll(
      `SELECT count(*), ${every("lower(v) IN ('true', 'false')")}, ${whole("BIGINT")}, ${whole("HUGEINT")}, ${every("TRY_CAST(v AS DOUBLE) IS NOT NULL")}
       FROM (SELECT ${value} AS v FROM ${table.rows}) WHERE v IS NOT NULL`,
    ),
  );
  const [count, ...holds] = found.getRows()[0] ?? [];
  if (Number(count) === 0) return undefined;
  return (["BOOLEAN", "BIGINT", "HUGEINT", "DOUBLE"] as const).find((_, i) => holds[i] === true) ?? "VARCHAR";
}
