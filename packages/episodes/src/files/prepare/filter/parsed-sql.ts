import type { DuckDBConnection } from "@duckdb/node-api";
import { textLiteral } from "../readers/sql-text.js";

/** A node of DuckDB's parsed expression, as JSON. */
export type Node = { [key: string]: unknown };

/** DuckDB's parsed statement of an SQL text, as JSON. */
export async function parsedSql(database: DuckDBConnection, sql: string): Promise<unknown> {
  return json(database, `json_serialize_sql(${textLiteral(sql)})`);
}

/** SQL of a parsed statement. */
export async function sqlOfParsed(database: DuckDBConnection, parsed: unknown): Promise<string> {
  return text(database, `json_deserialize_sql(${textLiteral(jsonText(parsed))}::JSON)`);
}

/** Every node of an expression, the node itself first. */
export function visit(value: unknown, each: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const part of value) visit(part, each);
  } else if (typeof value === "object" && value !== null) {
    const node = value as Node;
    if (typeof node.class === "string") each(node);
    for (const [key, part] of Object.entries(node)) if (key !== "value") visit(part, each);
  }
}

/** The operands of a node: the compared values, the arguments of a function, or the value that is cast. */
export function operandsOf(node: Node): Node[] {
  const places: Readonly<Record<string, unknown>> = {
    COMPARISON: [node.left, node.right],
    BETWEEN: [node.input, node.lower, node.upper],
    OPERATOR: /_IN$/.test(String(node.type)) ? node.children : [],
    FUNCTION: node.children,
    CAST: [node.child],
  };
  return (places[String(node.class)] ?? []) as Node[];
}

/** The type that a node casts to; empty if it does not cast. */
export function castType({ class: kind, cast_type }: Node): string {
  return kind === "CAST" ? String((cast_type as Node | undefined)?.id) : "";
}

/** Text in quotes. */
export function isText(node: Node): boolean {
  const value = node.value as { readonly type?: { readonly id?: unknown }; readonly is_null?: unknown } | undefined;
  return node.class === "CONSTANT" && value?.type?.id === "VARCHAR" && value.is_null !== true;
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
