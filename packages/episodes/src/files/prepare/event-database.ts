import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";

/** Memory limit of DuckDB, which spills beyond it. Columns in JavaScript are not included. */
const memoryLimit = "600MB";

/** A DuckDB in memory. It spills to the temporary folder `folder`, which DuckDB makes and removes. */
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

/** A DuckDB in memory for one task. */
export async function withDatabase<T>(work: (database: DuckDBConnection, folder: string) => Promise<T>): Promise<T> {
  const { database, folder, close } = await openDatabase();
  try {
    return await work(database, folder);
  } finally {
    close();
  }
}
