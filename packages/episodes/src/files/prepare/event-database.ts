import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";

/** What DuckDB may hold in memory; beyond it, it spills. Columns in JavaScript come on top. */
const memoryLimit = "600MB";

/**
 * A DuckDB in memory for one piece of work. What does not fit spills to a temporary folder, which DuckDB makes and removes; `folder` is
 * its path.
 */
export async function withDatabase<T>(work: (database: DuckDBConnection, folder: string) => Promise<T>): Promise<T> {
  // Loaded on first use: most programs only read prepared folders.
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const folder = join(tmpdir(), `kshot-duckdb-${randomUUID()}`);
  const instance = await DuckDBInstance.create(":memory:", { memory_limit: memoryLimit, temp_directory: folder });
  const connection = await instance.connect();
  try {
    return await work(connection, folder);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
