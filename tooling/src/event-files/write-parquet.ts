import { DuckDBInstance } from "@duckdb/node-api";
import type { PlainEvent } from "./count-pairs.js";

/** Writes what a query over the table `events` gives as a Parquet file. */
export async function writeParquet(file: string, events: readonly PlainEvent[], query: string): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:");
  const database = await instance.connect();
  const values = events.map(({ user, item, time }) => `('${user}', '${item}', ${time}::DOUBLE)`);
  await database.run(`CREATE TABLE events AS FROM (VALUES ${values.join(", ")}) AS t("user", item, time)`);
  await database.run(`COPY (${query}) TO '${file.replaceAll("'", "''")}' (FORMAT parquet)`);
  database.closeSync();
  instance.closeSync();
}
