import type { DuckDBConnection } from "@duckdb/node-api";
import { KshotError, usageError } from "@kshot/contract";
import { normalName, reasonOf, textLiteral } from "./readers/sql-text.js";
import type { ColumnValue, TableFile } from "./readers/table-file.js";

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
  /** SQL of the expression; the i-th column is called `w<i>` in it, and `t<i>` where it is used with text in quotes. */
  readonly sql: string;
  /** Columns that are used with text in quotes, by their numbers. */
  readonly besideText: readonly BesideText[];
}

/** A column that is used with text in quotes: compared for equality, ordered, or as text in a function. */
interface BesideText {
  readonly column: number;
  readonly use: "equal" | "ordered" | "text";
}

/**
 * Parses and checks a `--where` expression.
 *
 * @throws a `USAGE` error: it does not parse, is more than one expression, or holds what reaches beyond the row.
 */
export async function parseRowFilter(database: DuckDBConnection, where: string): Promise<RowFilter> {
  // Names are compared in the form NFC.
  const parsed = await json(database, `json_serialize_sql(${textLiteral(`SELECT ${where.normalize("NFC")}\n`)})`);
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
  const besideText: BesideText[] = [];
  const toNumbers: Node[] = [];
  const numberOf = (reference: Node) => {
    const name = (reference.column_names as string[]).join(".");
    return columns.includes(name) ? columns.indexOf(name) : columns.push(name) - 1;
  };
  visit(expression, (part) => {
    if (!allowed.has(part.class)) {
      const what = part.class === "SUBQUERY" ? "a subquery" : String(part.type ?? part.class).toLowerCase();
      throw refused(where, what);
    }
    if (part.class === "FUNCTION") functions.add(String(part.function_name));
    if (part.class === "COLUMN_REF") {
      // One that is used with text has its name already.
      if (part.named !== true) part.column_names = [`w${numberOf(part)}`];
      delete part.named;
      return;
    }
    if (/^(DOUBLE|FLOAT)$/.test(castType(part))) toNumbers.push(part);
    const operands = operandsOf(part);
    if (!operands.some(isText) && castType(part) !== "VARCHAR") return;
    for (const reference of operands.filter((operand) => operand.class === "COLUMN_REF")) {
      const column = numberOf(reference);
      besideText.push({ column, use: useOf(part) });
      Object.assign(reference, { column_names: [`t${column}`], named: true });
    }
  });
  if (columns.length === 0) throw refused(where, "an expression without a column");
  await requireRowFunctions(database, where, [...functions]);
  for (const cast of toNumbers) await withoutNaN(database, cast);
  const rebuilt = await text(database, `json_deserialize_sql(${textLiteral(jsonText(parsed))}::JSON)`);
  return { columns, sql: rebuilt.replace(/^SELECT /, ""), besideText };
}

/** What is compared with each other in a node, the arguments of a function, or what is cast. */
function operandsOf(node: Node): Node[] {
  const places: Readonly<Record<string, unknown>> = {
    COMPARISON: [node.left, node.right],
    BETWEEN: [node.input, node.lower, node.upper],
    OPERATOR: /_IN$/.test(String(node.type)) ? node.children : [],
    FUNCTION: node.children,
    CAST: [node.child],
  };
  return (places[String(node.class)] ?? []) as Node[];
}

function useOf({ class: kind, type }: Node): BesideText["use"] {
  if (kind === "FUNCTION" || kind === "CAST") return "text";
  return kind === "BETWEEN" || /LESS|GREATER/.test(String(type)) ? "ordered" : "equal";
}

/** The type that a node casts to; empty if it does not cast. */
function castType({ class: kind, cast_type }: Node): string {
  return kind === "CAST" ? String((cast_type as Node | undefined)?.id) : "";
}

/** Makes NaN that a cast gives a missing value, because DuckDB takes it for the greatest number. */
async function withoutNaN(database: DuckDBConnection, cast: Node): Promise<void> {
  const parsed = await json(database, `json_serialize_sql('SELECT nullif(x, ''NaN''::DOUBLE)')`);
  const { statements } = parsed as { statements: { node: { select_list: Node[] } }[] };
  const [wrapped] = statements[0]?.node.select_list ?? [];
  const own = { ...cast };
  for (const key of Object.keys(cast)) delete cast[key];
  Object.assign(cast, wrapped);
  visit(cast, (part) => {
    if (part.class === "COLUMN_REF" && String(part.column_names) === "x") Object.assign(part, own);
  });
}

/** Text in quotes. */
function isText(node: Node): boolean {
  const value = node.value as { readonly type?: { readonly id?: unknown }; readonly is_null?: unknown } | undefined;
  return node.class === "CONSTANT" && value?.type?.id === "VARCHAR" && value.is_null !== true;
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

/** The type under which a text column is compared, by its values: a number where every value is one, else text. */
type ComparedAs = "BIGINT" | "HUGEINT" | "DOUBLE" | "BOOLEAN" | "VARCHAR";

/**
 * For each file the SQL of the expression's columns, `… AS w0, … AS t0`. Columns of text files are compared as numbers where all
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
        throw refused(where, `what DuckDB refuses: ${reasonOf(cause)}`, undefined, cause);
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
      text: `nullif(${normalName(text)}, '')`,
      ...(typed === undefined || typed.type === "VARCHAR" ? {} : { typed }),
    };
  } catch (cause) {
    throw notThere(cause as KshotError);
  }
}

/** @throws the error for a key that is in no row of any JSON file, where all files are JSON. */
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

/** SQL of a text in a type; NaN is a missing value, because DuckDB takes it for the greatest number. */
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
    ...advice(found),
    ...(cause === undefined ? {} : { cause }),
  });
}

/** What to do about a refusal of DuckDB. */
function advice(found: string): { todo?: string } {
  if (/No function matches/.test(found)) {
    return {
      todo: "Use a number as text with CAST(item AS VARCHAR), and text as a number with CAST(rating AS DOUBLE)",
    };
  }
  if (!/explicit cast/.test(found)) return {};
  return {
    todo: "Compare text as a number with CAST(rating AS DOUBLE) >= 4, or with replace(rating, ',', '.') in place of rating where it has decimal commas",
  };
}

async function text(database: DuckDBConnection, sql: string): Promise<string> {
  const found = await database.runAndReadAll(`SELECT ${sql}`);
  return String(found.getRows()[0]?.[0]);
}

/** Whole numbers beyond JavaScript's range are kept as text with this beginning. */
const longNumber = "\u0001number ";

/** JSON from DuckDB, its long whole numbers as text. */
async function json(database: DuckDBConnection, sql: string): Promise<unknown> {
  const found = await text(database, sql);
  return JSON.parse(
    found.replace(/"(?:[^"\\]|\\.)*"|-?\d{16,}/g, (part) =>
      part.startsWith('"') ? part : JSON.stringify(longNumber + part),
    ),
  );
}

/** The JSON of what `json` gave. */
function jsonText(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    new RegExp(`"${JSON.stringify(longNumber).slice(1, -1).replaceAll("\\", "\\\\")}(-?\\d+)"`, "g"),
    "$1",
  );
}
