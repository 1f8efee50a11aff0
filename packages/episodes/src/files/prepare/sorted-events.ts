import type { DuckDBConnection } from "@duckdb/node-api";
import { dataError, failedError } from "@kshot/contract";
import type { EventColumns } from "../../core/event-columns.js";
import type { CheckedRows } from "./bad-rows.js";
import type { ReadOptions } from "./options.js";
import { orderValue } from "./order-value.js";
import { normalNameSql } from "./readers/sql-text.js";

/** Sorted events, and the number of names that were written in several ways. */
export interface SortedEvents {
  readonly events: EventColumns;
  /** Number of names that differ from another only in Unicode composition or in blanks around them. */
  readonly merged: { readonly users: number; readonly items: number };
}

/** Sorts the usable rows of table `events` into columns. @throws `DATA` for a person in two splits. */
export async function sortEvents(
  database: DuckDBConnection,
  { columns }: ReadOptions,
  { usable, seconds }: CheckedRows,
): Promise<SortedEvents> {
  const source = usable === null ? "events" : `(SELECT * FROM events WHERE ${usable})`;
  const rows = `(SELECT *, rowid AS event FROM events${usable === null ? "" : ` WHERE ${usable}`})`;
  const users = await numberNames(database, "user", source);
  const items = await numberNames(database, "item", source);
  const withSession = columns.session !== undefined;
  if (withSession) {
    await numberSessions(database, rows, seconds);
  }
  const order = columns.order === undefined ? "" : `${await orderValue(database, rows)}, `;
  const split =
    columns.split === undefined ? undefined : await splitOfPeople(database, rows, columns.split, users.names);
  const sorted = await fetchSorted(database, { rows, seconds, order, people: users.names.length, withSession });
  return {
    events: { users: users.names, items: items.names, ...sorted, ...(split ? { split } : {}) },
    merged: { users: users.merged, items: items.merged },
  };
}

/**
 * Table `<column>Names` from names to numbers, in byte order of their normal form (`normalNameSql`), which is used from here on. In
 * another file a name can consist of other code points, or have blanks around it.
 */
async function numberNames(
  database: DuckDBConnection,
  column: "user" | "item",
  source: string,
): Promise<{ names: string[]; merged: number }> {
  await database.run(
    `CREATE TABLE ${column}Names AS SELECT name, normal, (dense_rank() OVER (ORDER BY normal) - 1)::INTEGER AS id
     FROM (SELECT name, ${normalNameSql("name")} AS normal FROM (SELECT DISTINCT "${column}" AS name FROM ${source}))`,
  );
  const found = await database.runAndReadAll(
    `SELECT any_value(normal), count(*) FROM ${column}Names GROUP BY id ORDER BY id`,
  );
  const [names = [], written = []] = found.getColumns();
  return {
    names: names.map(String),
    merged: written.reduce((sum: number, count) => sum + Number(count) - 1, 0),
  };
}

/**
 * Table `sessions` from a person's number and the name of a session to the session's number: those of a person in the order of their
 * starts. Names are compared in their normal form.
 */
async function numberSessions(database: DuckDBConnection, rows: string, seconds: string): Promise<void> {
  await database.run(
    `CREATE TABLE sessions AS
     WITH written AS (
       SELECT userNames.id AS u, session, min(${seconds}) AS t, min(event) AS event
       FROM ${rows} AS e JOIN userNames ON userNames.name = e."user" GROUP BY ALL
     ),
     named AS (SELECT *, ${normalNameSql("session")} AS normal FROM written),
     numbered AS (SELECT u, normal, (row_number() OVER (ORDER BY u, min(t), min(event)))::INTEGER AS id FROM named GROUP BY u, normal)
     SELECT u, session, id FROM named JOIN numbered USING (u, normal)`,
  );
}

/** Words for the three splits. */
const splitWords = [
  ["train", "training"],
  ["val", "valid", "validation", "dev"],
  ["test", "testing"],
] as const;

/** The number of each person's split. */
async function splitOfPeople(
  database: DuckDBConnection,
  rows: string,
  column: string,
  users: readonly string[],
): Promise<Uint8Array> {
  const found = await database.runAndReadAll(
    `SELECT id, list_sort(list_distinct(list(lower(${normalNameSql("split")})))) FROM ${rows} AS e JOIN userNames ON userNames.name = e."user" GROUP BY id ORDER BY id`,
  );
  const split = new Uint8Array(users.length);
  for (const [id, words] of found.getRows()) {
    const values = (words as { items: readonly unknown[] }).items.map(String);
    const numbers = values.map((word) => splitWords.findIndex((known) => (known as readonly string[]).includes(word)));
    const who = `column ${column}, person "${users[Number(id)]}"`;
    const unknown = values[numbers.indexOf(-1)];
    if (unknown !== undefined) {
      throw dataError({ where: who, found: `"${unknown}"`, expected: "train, val (valid, validation, dev) or test" });
    }
    if (new Set(numbers).size > 1) {
      throw dataError({
        where: who,
        found: values.join(" and "),
        expected: "each person in one split: a model is evaluated on people it was not trained on",
        todo: "Split by people, with --split or --split-time",
      });
    }
    split[Number(id)] = numbers[0] ?? 0;
  }
  for (const [number, [name]] of splitWords.entries()) {
    if (!split.includes(number))
      throw dataError({
        where: `column ${column}`,
        found: `no person in ${name}`,
        expected: "people in train, val and test",
      });
  }
  return split;
}

async function fetchSorted(
  database: DuckDBConnection,
  {
    rows,
    seconds,
    order,
    people,
    withSession,
  }: { rows: string; seconds: string; order: string; people: number; withSession: boolean },
): Promise<Omit<EventColumns, "users" | "items">> {
  const counted = await database.runAndReadAll(`SELECT count(*) FROM ${rows}`);
  const events = Number(counted.getRows()[0]?.[0]);
  const item = new Int32Array(events);
  const time = new Float64Array(events);
  const row = new Int32Array(events);
  const session = withSession ? new Int32Array(events) : undefined;
  const userOffsets = new Int32Array(people + 1);
  const result = await database.stream(
    `SELECT userNames.id AS u, itemNames.id AS i, ${seconds} AS t, event::INTEGER AS e ${withSession ? ", sessions.id AS s" : ""}
     FROM ${rows} AS events
     JOIN userNames ON userNames.name = events."user" JOIN itemNames ON itemNames.name = events.item
     ${withSession ? "JOIN sessions ON sessions.u = userNames.id AND sessions.session = events.session" : ""}
     ORDER BY u, ${withSession ? "s, " : ""}t, ${order}event`,
  );
  let at = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) break;
    const values = <A extends Int32Array | Float64Array>(column: number, type: abstract new () => A): A => {
      // The vector's array: a getter per value would allocate an object for each of some fifty million values.
      const { items } = chunk.getColumnVector(column) as unknown as { items?: unknown };
      if (!(items instanceof type)) {
        throw failedError({ where: "DuckDB", found: `column ${column} of sorted events is not a ${type.name}` });
      }
      return items.subarray(0, chunk.rowCount) as A;
    };
    const user = values(0, Int32Array);
    for (let i = 0; i < user.length; i++) userOffsets[user[i]! + 1]!++;
    item.set(values(1, Int32Array), at);
    time.set(values(2, Float64Array), at);
    row.set(values(3, Int32Array), at);
    session?.set(values(4, Int32Array), at);
    at += chunk.rowCount;
  }
  for (let person = 0; person < people; person++) userOffsets[person + 1]! += userOffsets[person]!;
  return { userOffsets, item, time, row, ...(session ? { session } : {}) };
}
