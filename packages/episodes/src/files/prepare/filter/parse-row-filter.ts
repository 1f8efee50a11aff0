import type { DuckDBConnection } from "@duckdb/node-api";
import { reasonOf } from "../readers/sql-text.js";
import { refused, withoutKind } from "./filter-errors.js";
import { castType, isText, type Node, operandsOf, parsedSql, sqlOfParsed, visit } from "./parsed-sql.js";
import { requireRowFunction } from "./row-functions.js";

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

/** Number of CASEs in one expression. */
const mostCases = 4;

/** A `--where` expression, parsed: one expression over a row's columns, without subqueries, files and randomness. */
export interface RowFilter {
  /** Names of the columns, as the person wrote them. */
  readonly columns: readonly string[];
  /** SQL of the expression; the i-th column is called `w<i>` in it, and `t<i>` if it is used with text in quotes. */
  readonly sql: string;
  /** Columns that are used with text in quotes, by their numbers. */
  readonly besideText: readonly BesideText[];
}

/** A column that is used with text in quotes: compared for equality, ordered, or as text in a function. */
export interface BesideText {
  readonly column: number;
  readonly use: "equal" | "ordered" | "text";
}

/**
 * Parses and checks a `--where` expression.
 *
 * @throws a `USAGE` error: it does not parse, is more than one expression, or uses data outside of the row.
 */
export async function parseRowFilter(database: DuckDBConnection, where: string): Promise<RowFilter> {
  // DuckDB copies the operand of CASE into each of its branches: nested ones multiply the expression before it can be looked at.
  const cases = where.replace(/'[^']*'|"[^"]*"/g, "").match(/\bcase\b/gi)?.length ?? 0;
  if (cases > mostCases) throw refused(where, `CASE ${cases} times`, `CASE at most ${mostCases} times`);
  // Names are compared in the form NFC.
  const parsed = await parsedSql(database, `SELECT ${where.normalize("NFC")}\n`).catch((cause: unknown) => {
    // DuckDB's JSON of such a number is `Infinity`.
    if (cause instanceof SyntaxError) throw refused(where, "a number that is too large", "numbers below 1e308", cause);
    throw cause;
  });
  const { error, error_type, error_message, statements } = parsed as {
    error: boolean;
    error_type?: string;
    error_message?: string;
    statements?: Node[];
  };
  if (error) {
    const several = error_type === "not implemented";
    throw refused(
      where,
      several ? "more than one statement" : `what DuckDB cannot read: ${withoutKind(reasonOf(error_message))}`,
    );
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
    requireRowFunction(where, part);
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
  for (const cast of toNumbers) await withoutNaN(database, cast);
  const rebuilt = await sqlOfParsed(database, parsed);
  return { columns, sql: rebuilt.replace(/^SELECT /, ""), besideText };
}

function useOf({ class: kind, type }: Node): BesideText["use"] {
  if (kind === "FUNCTION" || kind === "CAST") return "text";
  return kind === "BETWEEN" || /LESS|GREATER/.test(String(type)) ? "ordered" : "equal";
}

/** Replaces NaN from a cast by a missing value, because DuckDB orders NaN as the greatest number. */
async function withoutNaN(database: DuckDBConnection, cast: Node): Promise<void> {
  const parsed = await parsedSql(database, "SELECT nullif(x, 'NaN'::DOUBLE)");
  const { statements } = parsed as { statements: { node: { select_list: Node[] } }[] };
  const [wrapped] = statements[0]?.node.select_list ?? [];
  const own = { ...cast };
  for (const key of Object.keys(cast)) delete cast[key];
  Object.assign(cast, wrapped);
  visit(cast, (part) => {
    if (part.class === "COLUMN_REF" && String(part.column_names) === "x") Object.assign(part, own);
  });
}
