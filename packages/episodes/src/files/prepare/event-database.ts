import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";

/** Memory limit of DuckDB, which spills beyond it. Columns in JavaScript are not included. */
const memoryLimit = "600MB";

/** A DuckDB in memory. */
export interface EventDatabase {
  readonly database: DuckDBConnection;
  close(): void;
}

/**
 * Opens a DuckDB; the caller closes it.
 *
 * @param options.spillFolder folder for what does not fit in memory; left out: one in the system's temporary folder, which DuckDB
 * makes, and removes if no stream of rows is open at the end
 */
export async function openDatabase({
  memory = memoryLimit,
  spillFolder = join(tmpdir(), `kshot-duckdb-${randomUUID()}`),
}: {
  readonly memory?: string;
  readonly spillFolder?: string | undefined;
} = {}): Promise<EventDatabase> {
  // Loaded on first use: most programs only read prepared folders.
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", { memory_limit: memory, temp_directory: spillFolder });
  const database = await instance.connect();
  // The hour of a moment must not depend on the machine's time zone.
  await database.run("SET TimeZone = 'UTC'");
  const close = () => {
    database.closeSync();
    instance.closeSync();
  };
  return { database, close };
}

/** A DuckDB in memory for one task. */
export async function withDatabase<T>(
  spillFolder: string | undefined,
  work: (database: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const { database, close } = await openDatabase({ spillFolder });
  try {
    return await work(database);
  } finally {
    close();
  }
}
