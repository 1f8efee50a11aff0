import type { DuckDBConnection } from "@duckdb/node-api";
import { dataError, failedError } from "@kshot/contract";
import type { EventColumns } from "../../core/event-columns.js";
import type { PrepareOptions } from "./options.js";
import { openTable } from "./readers/open-table.js";
import type { TableFile } from "./readers/table-file.js";
import { secondsOf } from "./seconds-of.js";

/** Numbers beyond this are not epoch seconds but, most likely, milliseconds: the year 5138. */
const mostSeconds = 1e11;

/**
 * Reads the files of events in the order given and sorts them.
 *
 * @throws a `DATA` error that names file, column and zero-based row (the header is none): a time that does not parse, no person, no item, no session
 *   where there is a column of them.
 */
export async function sortEvents(database: DuckDBConnection, options: PrepareOptions): Promise<EventColumns> {
  const { columns } = options;
  await loadEvents(database, options);
  const users = await numberNames(database, "user");
  const items = await numberNames(database, "item");
  if (columns.session !== undefined) {
    await database.run(
      `CREATE TABLE sessions AS SELECT "user", session, (row_number() OVER (ORDER BY "user", min(seconds), min(event)))::INTEGER AS id
       FROM (SELECT *, rowid AS event FROM events) GROUP BY "user", session`,
    );
  }
  return { users, items, ...(await fetchSorted(database, users.length, columns.session !== undefined)) };
}

/** Table `events`; its rowid is the place in all files together, since insertion keeps a file's order. */
async function loadEvents(database: DuckDBConnection, options: PrepareOptions): Promise<void> {
  const { inputs, columns } = options;
  await database.run(`CREATE TABLE events ("user" VARCHAR, item VARCHAR, seconds DOUBLE, session VARCHAR)`);
  let before = 0;
  for (const file of inputs) {
    const table = await openTable(database, file);
    const rows = table.select({ ...columns });
    const session = columns.session === undefined ? "NULL" : "session";
    const seconds = secondsOf(`"time"`, options.timeUnit);
    await table.attempt(() =>
      database.run(`INSERT INTO events SELECT "user", item, ${seconds}, ${session} FROM (${rows})`),
    );
    await refuseBadRow(database, table, columns, before);
    before = await countEvents(database);
  }
  if (before === 0) {
    throw dataError({ where: inputs.join(", "), found: "no events", expected: "a line per event below the header" });
  }
}

/** Table `<column>Names` from names to numbers in byte order, and the names. */
async function numberNames(database: DuckDBConnection, column: "user" | "item"): Promise<string[]> {
  await database.run(
    `CREATE TABLE ${column}Names AS SELECT name, (row_number() OVER (ORDER BY name) - 1)::INTEGER AS id
     FROM (SELECT DISTINCT "${column}" AS name FROM events)`,
  );
  const names = await database.runAndReadAll(`SELECT name FROM ${column}Names ORDER BY id`);
  return names.getColumns()[0]?.map(String) ?? [];
}

async function fetchSorted(
  database: DuckDBConnection,
  people: number,
  withSession: boolean,
): Promise<Omit<EventColumns, "users" | "items">> {
  const events = await countEvents(database);
  const item = new Int32Array(events);
  const time = new Float64Array(events);
  const session = withSession ? new Int32Array(events) : undefined;
  const userOffsets = new Int32Array(people + 1);
  const result = await database.stream(
    `SELECT userNames.id AS u, itemNames.id AS i, seconds AS t ${withSession ? ", sessions.id AS s" : ""}
     FROM (SELECT *, rowid AS event FROM events) AS events
     JOIN userNames ON userNames.name = events."user" JOIN itemNames ON itemNames.name = events.item
     ${withSession ? 'JOIN sessions ON sessions."user" = events."user" AND sessions.session = events.session' : ""}
     ORDER BY u, ${withSession ? "s, " : ""}t, event`,
  );
  let row = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) break;
    const values = <A extends Int32Array | Float64Array>(column: number, type: abstract new () => A): A => {
      // The vector's own array: a getter per value would make an object of each of some ten million times four.
      const { items } = chunk.getColumnVector(column) as unknown as { items?: unknown };
      if (!(items instanceof type)) {
        throw failedError({ where: "DuckDB", found: `column ${column} of sorted events is no ${type.name}` });
      }
      return items.subarray(0, chunk.rowCount) as A;
    };
    const user = values(0, Int32Array);
    for (let i = 0; i < user.length; i++) userOffsets[user[i]! + 1]!++;
    item.set(values(1, Int32Array), row);
    time.set(values(2, Float64Array), row);
    session?.set(values(3, Int32Array), row);
    row += chunk.rowCount;
  }
  for (let person = 0; person < people; person++) userOffsets[person + 1]! += userOffsets[person]!;
  return { userOffsets, item, time, ...(session ? { session } : {}) };
}

async function countEvents(database: DuckDBConnection): Promise<number> {
  const count = await database.runAndReadAll("SELECT count(*) FROM events");
  return Number(count.getRows()[0]![0]);
}

async function refuseBadRow(
  database: DuckDBConnection,
  table: TableFile,
  columns: PrepareOptions["columns"],
  before: number,
): Promise<void> {
  const found = await database.runAndReadAll(
    `SELECT rowid - ${before}, "user", item, seconds FROM events WHERE rowid >= ${before} AND ("user" IS NULL OR item IS NULL
     OR seconds IS NULL OR NOT isfinite(seconds) OR abs(seconds) > ${mostSeconds}${columns.session === undefined ? "" : " OR session IS NULL"}) ORDER BY rowid LIMIT 1`,
  );
  const [bad] = found.getRows();
  if (!bad) return;
  const [row, user, item, seconds] = bad;
  const where = (column: string) => `${table.file}, column ${column}, row ${row}`;
  if (user === null) throw dataError({ where: where(columns.user), found: "nothing", expected: "who it was" });
  if (item === null) throw dataError({ where: where(columns.item), found: "nothing", expected: "an item" });
  if (typeof seconds === "number" && Number.isFinite(seconds) && Math.abs(seconds) <= mostSeconds) {
    throw dataError({
      where: where(columns.session!),
      found: "nothing",
      expected: "which session it was",
      todo: "Name a session in every row, or leave --session away: sessions are cut by --session-gap then",
    });
  }
  const rows = await table.attempt(() =>
    database.runAndReadAll(`${table.select({ time: columns.time })} LIMIT 1 OFFSET ${row}`),
  );
  const text = rows.getRows()[0]?.[0] ?? null;
  if (typeof seconds === "number" && Number.isFinite(seconds)) {
    throw dataError({
      where: where(columns.time),
      found: `"${text}", which as seconds is beyond the year 5000`,
      expected: "epoch seconds",
      todo: "For milliseconds, microseconds or nanoseconds add --time-unit ms, us or ns",
    });
  }
  throw dataError({
    where: where(columns.time),
    found: text === null ? "nothing" : `"${text}"`,
    expected: "a time in UTC, as 2017-06-20 00:33:46, or epoch seconds",
  });
}
