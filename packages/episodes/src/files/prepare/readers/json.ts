import type { DuckDBConnection } from "@duckdb/node-api";
import { dataError } from "@kshot/contract";
import { identifier, noColumn, pathLiteral, reasonOf, type TableFile } from "./table-file.js";

/** JSON lines, or one JSON list of objects; a key that a row lacks is nothing there. */
export async function openJson(database: DuckDBConnection, file: string): Promise<TableFile> {
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      throw dataError({
        where: file,
        found: `it cannot be read as JSON: ${reasonOf(cause)}`,
        expected: 'one object per line, as {"user": "u1", "item": "c7", "time": 1498000000}',
        cause,
      });
    }
  };
  const described = await attempt(() =>
    database.runAndReadAll(`DESCRIBE SELECT * FROM read_json(${pathLiteral(file)}, format = 'auto')`),
  );
  const columns = described.getColumns()[0]!.map(String);
  return {
    file,
    columns,
    attempt,
    select(aliases) {
      for (const column of Object.values(aliases)) if (!columns.includes(column)) throw noColumn(file, columns, column);
      const named = [...new Set(Object.values(aliases))].map((column) => `${text(column)}: 'VARCHAR'`).join(", ");
      const chosen = Object.entries(aliases).map(
        ([alias, column]) => `nullif(${identifier(column)}, '') AS ${identifier(alias)}`,
      );
      return `SELECT ${chosen.join(", ")} FROM read_json(${pathLiteral(file)}, format = 'auto', columns = {${named}})`;
    },
  };
}

function text(name: string): string {
  return `'${name.replaceAll("'", "''")}'`;
}
