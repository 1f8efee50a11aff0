import type { DuckDBConnection } from "@duckdb/node-api";
import { dataError } from "@kshot/contract";
import { identifier, noColumn, pathLiteral, reasonOf, type TableFile } from "./table-file.js";

/** Parquet, as pandas, Arrow, Spark or DuckDB write it; numbers and timestamps become the text that a CSV file would hold. */
export async function openParquet(database: DuckDBConnection, file: string): Promise<TableFile> {
  const source = `read_parquet(${pathLiteral(file)})`;
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      throw dataError({
        where: file,
        found: `it cannot be read as Parquet: ${reasonOf(cause)}`,
        expected: "a whole Parquet file",
        cause,
      });
    }
  };
  const described = await attempt(() => database.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`));
  const [names, types] = described.getColumns();
  const columns = names!.map(String);
  return {
    file,
    columns,
    attempt,
    select(aliases) {
      const chosen = Object.entries(aliases).map(([alias, column]) => {
        const at = columns.indexOf(column);
        if (at < 0) throw noColumn(file, columns, column);
        const type = String(types![at]);
        if (/[[(]|STRUCT|MAP|BLOB/.test(type) && !type.startsWith("DECIMAL")) {
          throw dataError({
            where: `${file}, column ${column}`,
            found: `type ${type}`,
            expected: "text, numbers or timestamps",
          });
        }
        // With a zone a timestamp is a moment: its UTC text, whatever zone this machine is in.
        const value = type.startsWith("TIMESTAMP WITH TIME ZONE")
          ? `(${identifier(column)} AT TIME ZONE 'UTC')`
          : identifier(column);
        return `nullif(CAST(${value} AS VARCHAR), '') AS ${identifier(alias)}`;
      });
      return `SELECT ${chosen.join(", ")} FROM ${source}`;
    },
  };
}
