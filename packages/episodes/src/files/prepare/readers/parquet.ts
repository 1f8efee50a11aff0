import type { DuckDBConnection } from "@duckdb/node-api";
import { dataError } from "@kshot/contract";
import { normalName } from "../../../core/normal-name.js";
import type { SourceFile } from "./source-file.js";
import { identifier, pathLiteral } from "./sql-text.js";
import {
  attemptsOn,
  insideList,
  noColumn,
  pathsAbove,
  type TableFile,
  type TextOptions,
  withoutNulls,
} from "./table-file.js";

/**
 * Parquet, as pandas, Arrow, Spark or DuckDB write it; numbers and timestamps become the text that a CSV file would hold. A dotted
 * name is a column of that name, or a path into nested columns.
 */
export async function openParquet(
  database: DuckDBConnection,
  { file }: SourceFile,
  { nulls, columnFlags }: TextOptions,
): Promise<TableFile> {
  // A folder called user=9 adds no column: it would replace the file's own.
  const rows = `read_parquet(${pathLiteral(file)}, hive_partitioning = false)`;
  const attempt = attemptsOn(file, "Parquet", { expected: "a complete Parquet file" });
  const described = await attempt(() => database.runAndReadAll(`DESCRIBE SELECT * FROM ${rows}`));
  const top = described.getRows().map(([name, type]) => [String(name), String(type)] as const);
  const columns = top.map(([name]) => name);
  const fields = new Map(top.map(([name, type]) => [name, { sql: identifier(name), type }]));
  /** Adds the fields inside a nested column under dotted names; a column that is called so counts. */
  const addFields = async (name: string, sql: string): Promise<void> => {
    const inside = await attempt(() => database.runAndReadAll(`DESCRIBE SELECT unnest(${sql}) FROM ${rows}`));
    for (const [field, type] of inside.getRows().map((row) => row.map(String))) {
      const own = { sql: `${sql}.${identifier(field ?? "")}`, type: type ?? "" };
      const dotted = `${name}.${field}`;
      if (!fields.has(dotted)) fields.set(dotted, own);
      if (isNested(own.type)) await addFields(dotted, own.sql);
    }
  };
  for (const [name, type] of top) if (isNested(type)) await addFields(name, identifier(name));
  /** Names by the form in which they are compared. */
  const names = new Map([...fields.keys()].map((name) => [normalName(name), name]));
  return {
    file,
    columns,
    rows,
    attempt,
    rejected: async () => [],
    column(name) {
      const found = fields.get(name) ?? fields.get(names.get(normalName(name)) ?? "");
      const list = found ? undefined : pathsAbove(name).find((path) => fields.get(path)?.type.endsWith("]"));
      if (list !== undefined) throw insideList(file, name, list);
      if (found === undefined)
        throw noColumn(file, [...fields.keys()], name, columnFlags ? { flags: columnFlags } : {});
      const { sql: field, type: stored } = found;
      // Impala, Hive and old Spark write text without saying that it is text.
      const [sql, type] = stored === "BLOB" ? [`decode(${field})`, "VARCHAR"] : [field, stored];
      if (/[[(]|STRUCT|MAP|BLOB/.test(type) && !type.startsWith("DECIMAL")) {
        throw dataError({
          where: `${file}, column ${name}`,
          found: `type ${type}`,
          expected: "text, numbers or timestamps",
          todo: isNested(type)
            ? `Name a field inside it, as ${name}.id`
            : "Write one row per event, with one value in each column",
        });
      }
      // A timestamp with a zone is converted to UTC, independent of this machine's zone.
      const moment = type.startsWith("TIMESTAMP WITH TIME ZONE") ? `(${sql} AT TIME ZONE 'UTC')` : sql;
      // NaN is how many programs write that a number is missing.
      const value = type === "DOUBLE" || type === "FLOAT" ? `nullif(${moment}, 'NaN'::${type})` : moment;
      const text = `CAST(${value} AS VARCHAR)`;
      return { text: withoutNulls(text, nulls), typed: { sql: withoutNulls(text, nulls, value), type } };
    },
  };
}

/** Whether a column has nested fields. */
function isNested(type: string): boolean {
  return type.startsWith("STRUCT(") && !type.endsWith("]");
}
