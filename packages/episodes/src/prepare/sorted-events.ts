import type { DuckDBConnection } from "@duckdb/node-api";
import { dataError } from "@kshot/contract";
import { loadText } from "./event-database.js";
import type { PrepareOptions } from "./options.js";

/** Epoch seconds above this are milliseconds by mistake: the year 5138. */
const mostSeconds = 1e11;

/** A person's events in order, as columns of one chunk. */
export interface EventChunk {
  readonly rows: number;
  readonly user: Int32Array;
  readonly item: Int32Array;
  /** Epoch seconds, exact. */
  readonly time: Float64Array;
  /** Number of the session where a session column is given, else 0. */
  readonly session: Int32Array;
}

/** Events by person (in byte order of names), then time, then file order. */
export interface SortedEvents {
  /** Names of people and items in byte order; numbers in chunks are indices. */
  readonly users: readonly string[];
  readonly items: readonly string[];
  chunks(): AsyncGenerator<EventChunk>;
}

/**
 * Reads and orders all events. Times are text in UTC (`2017-06-20 00:33:46`, ISO 8601 with or without a zone) or epoch seconds.
 *
 * @throws a `DATA` error that names file and zero-based row: a time that does not parse, an empty person or item.
 */
export async function sortEvents(database: DuckDBConnection, options: PrepareOptions): Promise<SortedEvents> {
  const { inputs, columns } = options;
  await database.run(
    `CREATE TABLE events (file INTEGER, "row" BIGINT, "user" VARCHAR, item VARCHAR, seconds DOUBLE, session VARCHAR)`,
  );
  for (const [number, file] of inputs.entries()) {
    await loadText(database, file, { ...columns }, "raw");
    await refuseBadRows(database, file, columns);
    const session = columns.session === undefined ? "NULL" : "session";
    await database.run(
      `INSERT INTO events SELECT ${number}, "row", "user", item, ${secondsOf("time")}, ${session} FROM raw`,
    );
    await database.run("DROP TABLE raw");
  }
  const names = async (column: string): Promise<string[]> => {
    const found = await database.runAndReadAll(`SELECT DISTINCT "${column}" FROM events ORDER BY 1`);
    return found.getColumns()[0]?.map(String) ?? [];
  };
  const users = await names("user");
  const items = await names("item");
  if (users.length === 0) {
    throw dataError({ where: inputs.join(", "), found: "no events", expected: "a line per event below the header" });
  }
  await database.run(
    `CREATE TABLE people AS SELECT "user", (row_number() OVER (ORDER BY "user") - 1)::INTEGER AS id FROM (SELECT DISTINCT "user" FROM events)`,
  );
  await database.run(
    `CREATE TABLE things AS SELECT item, (row_number() OVER (ORDER BY item) - 1)::INTEGER AS id FROM (SELECT DISTINCT item FROM events)`,
  );
  if (columns.session !== undefined) {
    await database.run(
      `CREATE TABLE sessions AS SELECT "user", session, (row_number() OVER (ORDER BY "user", min(seconds), min(file), min("row")))::INTEGER AS id FROM events GROUP BY "user", session`,
    );
  }
  const withSession = columns.session !== undefined;
  const query = `SELECT people.id AS u, things.id AS i, events.seconds AS t, ${withSession ? "sessions.id" : "0::INTEGER"} AS s
    FROM events JOIN people USING ("user") JOIN things USING (item)
    ${withSession ? 'JOIN sessions ON sessions."user" = events."user" AND sessions.session IS NOT DISTINCT FROM events.session' : ""}
    ORDER BY u, ${withSession ? "s, " : ""}t, file, "row"`;
  return {
    users,
    items,
    async *chunks() {
      const result = await database.stream(query);
      for (;;) {
        const chunk = await result.fetchChunk();
        if (!chunk || chunk.rowCount === 0) return;
        const column = <A>(index: number) => (chunk.getColumnVector(index) as unknown as { items: A }).items;
        yield {
          rows: chunk.rowCount,
          user: column<Int32Array>(0),
          item: column<Int32Array>(1),
          time: column<Float64Array>(2),
          session: column<Int32Array>(3),
        };
      }
    },
  };
}

/**
 * SQL for epoch seconds of a text column; null where it does not parse. DuckDB's TIMESTAMP cast passes over a zone such as `+02:00`
 * in silence, and TIMESTAMPTZ wants an extension that is not shipped: so the zone is taken off here.
 */
function secondsOf(column: string): string {
  const zone = `regexp_extract("${column}", ':\\d{2}(?:\\.\\d+)?\\s?([+-]\\d{2}):?(\\d{2})?$', ['hours', 'minutes'])`;
  const hours = `TRY_CAST(${zone}.hours AS INTEGER)`;
  const minutes = `COALESCE(TRY_CAST(${zone}.minutes AS INTEGER), 0)`;
  const offset = `COALESCE(3600 * ${hours} + CASE WHEN ${zone}.hours LIKE '-%' THEN -60 ELSE 60 END * ${minutes}, 0)`;
  return `COALESCE(TRY_CAST("${column}" AS DOUBLE), epoch(TRY_CAST("${column}" AS TIMESTAMP)) - ${offset})`;
}

async function refuseBadRows(
  database: DuckDBConnection,
  file: string,
  columns: PrepareOptions["columns"],
): Promise<void> {
  const found = await database.runAndReadAll(
    `SELECT "row", "user", item, "time", ${secondsOf("time")} AS seconds FROM raw
     WHERE "user" IS NULL OR item IS NULL OR "time" IS NULL OR seconds IS NULL OR NOT isfinite(seconds) OR abs(seconds) > ${mostSeconds}
     ORDER BY "row" LIMIT 1`,
  );
  const [bad] = found.getRows();
  if (!bad) return;
  const [row, user, item, time, seconds] = bad;
  const where = (column: string) => `${file}, column ${column}, row ${row}`;
  if (user === null) throw dataError({ where: where(columns.user), found: "nothing", expected: "who it was" });
  if (item === null) throw dataError({ where: where(columns.item), found: "nothing", expected: "an item" });
  const found2 = time === null ? "nothing" : `"${time}"`;
  if (typeof seconds === "number" && Number.isFinite(seconds)) {
    throw dataError({
      where: where(columns.time),
      found: `${found2}, which would be far beyond the year 5000`,
      expected: "epoch seconds",
      todo: "Divide by 1000 if these are milliseconds",
    });
  }
  throw dataError({
    where: where(columns.time),
    found: found2,
    expected: "a time in UTC, as 2017-06-20 00:33:46, or epoch seconds",
  });
}
