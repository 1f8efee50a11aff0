import { withDatabase } from "../prepare/event-database.js";
import { pathLiteral } from "../prepare/readers/sql-text.js";

/** Names of the columns of a Parquet file, in order; undefined for a file that is not a complete Parquet file. */
export async function parquetColumns(file: string): Promise<readonly string[] | undefined> {
  return withDatabase(undefined, async (database) => {
    const rows = `read_parquet(${pathLiteral(file)}, hive_partitioning = false)`;
    try {
      return (await database.runAndReadAll(`DESCRIBE SELECT * FROM ${rows}`)).getRows().map(([name]) => String(name));
    } catch {
      return undefined;
    }
  });
}
