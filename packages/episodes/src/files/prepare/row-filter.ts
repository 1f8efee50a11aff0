import type { DuckDBConnection } from "@duckdb/node-api";
import { KshotError, usageError } from "@kshot/contract";
import { reasonOf, textLiteral } from "./readers/sql-text.js";
import type { TableFile } from "./readers/table-file.js";

/** A node of DuckDB's parsed expression, as JSON. */
type Node = { [key: string]: unknown };

/** Kinds of node that an expression over one row is made of. */
const allowed: ReadonlySet<unknown> = new Set([
  "COLUMN_REF",
  "CONSTANT",
  "COMPARISON",
  "CONJUNCTION",
  "OPERATOR",
  "BETWEEN",
  "CASE",
  "CAST",
  "FUNCTION",
  "COLLATE",
]);

/** A `--where` expression, parsed: one expression over a row's columns, without subqueries, files and randomness. */
export interface RowFilter {
  /** Names of the columns, as the person wrote them. */
  readonly columns: readonly string[];
  /** SQL of the expression; the i-th column is called `w<i>` in it. */
  readonly sql: string;
}

/**
 * Parses and checks a `--where` expression.
 *
 * @throws a `USAGE` error: it does not parse, is more than one expression, or holds what reaches beyond the row.
 */
export async function parseRowFilter(database: DuckDBConnection, where: string): Promise<RowFilter> {
  const parsed = await json(database, `json_serialize_sql(${textLiteral(`SELECT ${where}\n`)})`);
  const { error, error_type, error_message, statements } = parsed as {
    error: boolean;
    error_type?: string;
    error_message?: string;
    statements?: Node[];
  };
  if (error) {
    const several = error_type === "not implemented";
    throw refused(where, several ? "more than one statement" : `what DuckDB cannot read: ${reasonOf(error_message)}`);
  }
  const [statement, ...more] = statements ?? [];
  if (more.length > 0) throw refused(where, "more than one statement");
  const node = statement?.node as Node | undefined;
  const list = (node?.select_list ?? []) as Node[];
  const [expression] = list;
  const beyond = (key: string) => Array.isArray(node?.[key]) && (node[key] as unknown[]).length > 0;
  if (
    node?.type !== "SELECT_NODE" ||
    list.length !== 1 ||
    expression === undefined ||
    expression.alias !== "" ||
    (node.from_table as Node).type !== "EMPTY" ||
    ["where_clause", "having", "qualify", "sample"].some((key) => node[key] !== null) ||
    ["modifiers", "group_expressions", "group_sets"].some(beyond) ||
    (((node.cte_map as Node | undefined)?.map as unknown[] | undefined)?.length ?? 0) > 0
  ) {
    throw refused(where, "more than one expression");
  }
  const columns: string[] = [];
  const functions = new Set<string>();
  visit(expression, (part) => {
    if (!allowed.has(part.class)) {
      const what = part.class === "SUBQUERY" ? "a subquery" : String(part.type ?? part.class).toLowerCase();
      throw refused(where, what);
    }
    if (part.class === "FUNCTION") functions.add(String(part.function_name));
    if (part.class !== "COLUMN_REF") return;
    const name = (part.column_names as string[]).join(".");
    if (!columns.includes(name)) columns.push(name);
    part.column_names = [`w${columns.indexOf(name)}`];
  });
  if (columns.length === 0) throw refused(where, "an expression without a column");
  await requireRowFunctions(database, where, [...functions]);
  const rebuilt = await text(database, `json_deserialize_sql(${textLiteral(JSON.stringify(parsed))}::JSON)`);
  return { columns, sql: rebuilt.replace(/^SELECT /, "") };
}

/** Functions of one row's values only: no aggregates, nothing that changes from call to call or tells of this machine. */
async function requireRowFunctions(database: DuckDBConnection, where: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const found = await database.runAndReadAll(
      `SELECT count(*) FROM duckdb_functions() WHERE function_name = ${textLiteral(name.toLowerCase())} AND function_type = 'scalar' AND stability = 'CONSISTENT'`,
    );
    const machine = /^(current_|getenv|getvariable|pg_|has_|in_search|version$|txid|inet_)/i.test(name);
    if (Number(found.getRows()[0]?.[0]) === 0 || machine) throw refused(where, `the function ${name}`);
  }
}

/** The type under which a text column is compared: a number where every value is one, else text. */
export type ComparedAs = "BIGINT" | "DOUBLE" | "BOOLEAN" | "VARCHAR";

/**
 * For each file the SQL of the expression's columns, `… AS w0, … AS w1`. Columns of text files are compared as numbers where all
 * values of all files are numbers.
 *
 * @throws a `USAGE` error for a column that a file does not have, and an expression that is not true or false.
 */
export async function filterColumns(
  database: DuckDBConnection,
  where: string,
  { columns, sql }: RowFilter,
  tables: readonly TableFile[],
): Promise<readonly string[]> {
  const values = tables.map((table) => columns.map((name) => columnFor(table, name)));
  const types = await Promise.all(
    columns.map(async (_, at): Promise<ComparedAs> => {
      const found: ComparedAs[] = [];
      for (const [i, table] of tables.entries()) {
        const value = values[i]?.[at];
        if (value === undefined || value.typed !== undefined) continue;
        found.push(await typeOf(database, table, value.text));
      }
      const all = new Set(found);
      if (all.size === 1) return found[0] ?? "VARCHAR";
      return all.size > 0 && [...all].every((type) => type === "BIGINT" || type === "DOUBLE") ? "DOUBLE" : "VARCHAR";
    }),
  );
  return Promise.all(
    tables.map(async (table, i) => {
      const chosen = columns.map((_, at) => {
        const value = values[i]?.[at];
        return `${value?.typed ?? `CAST(${value?.text} AS ${types[at]})`} AS w${at}`;
      });
      const list = chosen.join(", ");
      try {
        const described = await database.runAndReadAll(
          `DESCRIBE SELECT ${sql} AS kept FROM (SELECT ${list} FROM ${table.rows})`,
        );
        const type = String(described.getRows()[0]?.[1]);
        if (type !== "BOOLEAN") throw refused(where, `an expression of type ${type}`, "one that is true or false");
      } catch (cause) {
        if (KshotError.isInstance(cause)) throw cause;
        throw refused(where, `what DuckDB refuses: ${reasonOf(cause)}`, undefined, cause);
      }
      return list;
    }),
  );
}

function columnFor(table: TableFile, name: string) {
  try {
    return table.column(name);
  } catch (cause) {
    // A name in SQL may be written in another case.
    const alike = table.columns.filter((column) => column.toLowerCase() === name.toLowerCase());
    if (alike.length === 1) return table.column(alike[0] ?? name);
    const { parts } = cause as KshotError;
    throw usageError({ ...parts, where: `where, ${table.file}`, cause });
  }
}

async function typeOf(database: DuckDBConnection, table: TableFile, value: string): Promise<ComparedAs> {
  const every = (type: string) => `count(*) FILTER (v IS NOT NULL AND TRY_CAST(v AS ${type}) IS NULL) = 0`;
  const found = await table.attempt(() =>
    database.runAndReadAll(
      `SELECT count(v), ${every("DOUBLE")}, ${every("BIGINT")}, count(*) FILTER (v IS NOT NULL AND lower(v) NOT IN ('true', 'false')) = 0,
         count(*) FILTER (TRY_CAST(v AS BIGINT)::VARCHAR <> v) = 0
       FROM (SELECT ${value} AS v FROM ${table.rows})`,
    ),
  );
  const [count, isDouble, isWhole, isBoolean, exact] = found.getRows()[0] ?? [];
  if (Number(count) === 0) return "VARCHAR";
  if (isBoolean) return "BOOLEAN";
  if (isWhole && exact) return "BIGINT";
  return isDouble ? "DOUBLE" : "VARCHAR";
}

/** Every node of an expression, the node itself first. */
function visit(value: unknown, each: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const part of value) visit(part, each);
  } else if (typeof value === "object" && value !== null) {
    const node = value as Node;
    if (typeof node.class === "string") each(node);
    for (const [key, part] of Object.entries(node)) if (key !== "value") visit(part, each);
  }
}

/** The error for a value with which the expression cannot be computed, where DuckDB's error is one; it names the value. */
export function notComputable(where: string, cause: unknown): KshotError | undefined {
  const reason = reasonOf(cause);
  if (!/^(Conversion|Out of Range) Error/.test(reason)) return undefined;
  return refused(
    where,
    `what cannot be computed of every row: ${reason}`,
    "an expression that holds for every row, as TRY_CAST(rating AS INTEGER) >= 4",
    cause,
  );
}

function refused(where: string, found: string, expected?: string, cause?: unknown): KshotError {
  return usageError({
    where: "--where",
    found: `"${where.replace(/\s*\n\s*/g, " ")}" holds ${found}`,
    expected: expected ?? "one expression over the row's columns that is true or false, as rating >= 4",
    ...(/explicit cast/.test(found)
      ? {
          todo: "Compare text as a number with CAST(rating AS DOUBLE) >= 4, or with replace(rating, ',', '.') in place of rating where it has decimal commas",
        }
      : {}),
    ...(cause === undefined ? {} : { cause }),
  });
}

async function text(database: DuckDBConnection, sql: string): Promise<string> {
  const found = await database.runAndReadAll(`SELECT ${sql}`);
  return String(found.getRows()[0]?.[0]);
}

/** JSON from DuckDB without positions in the text, which can be numbers beyond JavaScript's range. */
async function json(database: DuckDBConnection, sql: string): Promise<unknown> {
  return JSON.parse((await text(database, sql)).replace(/"query_location":\d+/g, '"query_location":0'));
}
