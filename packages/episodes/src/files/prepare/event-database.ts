import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";

/** What DuckDB may hold in memory; beyond it, it spills. Columns in JavaScript come on top. */
const memoryLimit = "600MB";

/** A DuckDB in memory; what does not fit spills to a temporary folder, which DuckDB makes and removes; `folder` is its path. */
export interface EventDatabase {
  readonly database: DuckDBConnection;
  readonly folder: string;
  close(): void;
}

/** Opens a DuckDB; the caller closes it. */
export async function openDatabase({
  memory = memoryLimit,
}: {
  readonly memory?: string;
} = {}): Promise<EventDatabase> {
  // Loaded on first use: most programs only read prepared folders.
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const folder = join(tmpdir(), `kshot-duckdb-${randomUUID()}`);
  const instance = await DuckDBInstance.create(":memory:", { memory_limit: memory, temp_directory: folder });
  const database = await instance.connect();
  const close = () => {
    database.closeSync();
    instance.closeSync();
  };
  return { database, folder, close };
}

/** A DuckDB in memory for one piece of work. */
export async function withDatabase<T>(work: (database: DuckDBConnection, folder: string) => Promise<T>): Promise<T> {
  const { database, folder, close } = await openDatabase();
  try {
    return await work(database, folder);
  } finally {
    close();
  }
}
