import type { DuckDBConnection } from "@duckdb/node-api";
import { dataError } from "@kshot/contract";
import type { SourceFile } from "./source-file.js";
import { identifier, pathLiteral } from "./sql-text.js";
import { attemptsOn, noColumn, type TableFile, type TextOptions, withoutNulls } from "./table-file.js";

/**
 * Parquet, as pandas, Arrow, Spark or DuckDB write it; numbers and timestamps become the text that a CSV file would hold. A dotted
 * name is a column of that name, or a path into nested columns.
 */
export async function openParquet(
  database: DuckDBConnection,
  { file }: SourceFile,
  { nulls }: TextOptions,
): Promise<TableFile> {
  const rows = `read_parquet(${pathLiteral(file)})`;
  const attempt = attemptsOn(file, "Parquet", { expected: "a whole Parquet file" });
  const described = await attempt(() => database.runAndReadAll(`DESCRIBE SELECT * FROM ${rows}`));
  const types = new Map(described.getRows().map(([name, type]) => [String(name), String(type)]));
  const columns = [...types.keys()];
  /** SQL and type of a column or of a field inside one. */
  const fieldOf = (name: string): { sql: string; type: string } => {
    const type = types.get(name);
    if (type !== undefined) return { sql: identifier(name), type };
    const [top = "", ...inner] = name.split(".");
    const outer = types.get(top);
    if (inner.length === 0 || outer === undefined || !outer.startsWith("STRUCT")) throw noColumn(file, columns, name);
    return { sql: [top, ...inner].map(identifier).join("."), type: "field" };
  };
  return {
    file,
    columns,
    lateColumns: false,
    rows,
    attempt,
    rejected: async () => [],
    column(name) {
      const { sql: field, type: stored } = fieldOf(name);
      // Impala, Hive and old Spark write text without saying that it is text.
      const [sql, type] = stored === "BLOB" ? [`decode(${field})`, "VARCHAR"] : [field, stored];
      if (/[[(]|STRUCT|MAP|BLOB/.test(type) && !type.startsWith("DECIMAL")) {
        throw dataError({
          where: `${file}, column ${name}`,
          found: `type ${type}`,
          expected: "text, numbers or timestamps",
          todo: type.startsWith("STRUCT")
            ? `Name a field inside it, as ${name}.id`
            : "Write one row per event, with one value in each column",
        });
      }
      // A timestamp with a zone is converted to UTC, independent of this machine's zone.
      const value = type.startsWith("TIMESTAMP WITH TIME ZONE") ? `(${sql} AT TIME ZONE 'UTC')` : sql;
      return { text: withoutNulls(`CAST(${value} AS VARCHAR)`, nulls), typed: value };
    },
  };
}
