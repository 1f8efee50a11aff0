import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";

/** What DuckDB may hold in memory; beyond it, it spills. Columns in JavaScript come on top. */
const memoryLimit = "600MB";

let databases = 0;

/** A DuckDB of its own for one piece of work, in memory; what does not fit spills to a temporary folder, which DuckDB makes and removes. */
export async function withDatabase<T>(work: (database: DuckDBConnection) => Promise<T>): Promise<T> {
  // Loaded when it is needed: most programs read prepared folders only.
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: memoryLimit,
    temp_directory: join(tmpdir(), `kshot-duckdb-${process.pid}-${databases++}`),
  });
  const connection = await instance.connect();
  try {
    return await work(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
