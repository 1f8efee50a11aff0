import { checkRows } from "./bad-rows.js";
import { openDatabase } from "./event-database.js";
import { listInputs } from "./list-inputs.js";
import { loadEvents } from "./load-events.js";
import { noEvents } from "./no-events.js";
import type { ReadOptions } from "./options.js";
import { orderValue } from "./order-value.js";
import { normalNameSql } from "./readers/sql-text.js";
import { checkTimeFormat } from "./time-column.js";

/** One person's events, in time order, cut into sessions. */
export interface PersonHistory {
  readonly user: string;
  /** Item names, oldest session first, oldest item first. */
  readonly sessions: readonly (readonly string[])[];
}

/** How histories are read. */
export interface HistoriesOptions extends ReadOptions {
  /** Idle seconds that end a session; null: a person's whole history is one session. */
  readonly sessionGap: number | null;
}

/** Histories in the files of events, and how many people they are of. */
export interface EventHistories {
  readonly people: number;
  /** All people, in byte order of names. */
  readonly histories: AsyncIterable<PersonHistory>;
  /** Ends the reading. The iterator also ends it after the last person. */
  close(): void;
}

/** Memory of DuckDB while people are streamed; sorting beyond it spills to the disk. */
const memory = "256MB";

/**
 * Reads files of events as `prepare` does and yields one person after the other: events sorted by person, time, and position in the files.
 * Memory does not depend on the number of people.
 *
 * @throws `DATA` for files that cannot be read, bad rows beyond `skipBad`, and files without events.
 */
export async function readEventHistories(options: HistoriesOptions): Promise<EventHistories> {
  const { inputs, columns, sessionGap, timeFormat } = options;
  const where = inputs.join(", ");
  const opened = await openDatabase({ memory, spillFolder: options.spillFolder });
  const { database } = opened;
  let open = true;
  const close = () => {
    if (open) opened.close();
    open = false;
  };
  try {
    if (timeFormat !== undefined) await checkTimeFormat(database, timeFormat);
    const loaded = await loadEvents(database, await listInputs(database, inputs), options);
    const { usable, seconds } = await checkRows(database, loaded, options, where);
    const rows = `events${usable === null ? "" : ` WHERE ${usable}`}`;
    const counted = await database.runAndReadAll(`SELECT count(DISTINCT ${normalNameSql('"user"')}) FROM ${rows}`);
    const people = Number(counted.getRows()[0]?.[0]);
    if (people === 0) {
      throw noEvents(where);
    }
    const order = columns.order === undefined ? "" : `${await orderValue(database, rows)}, `;
    const result = await database.stream(
      `SELECT ${normalNameSql('"user"')} AS u, ${normalNameSql("item")} AS i, ${seconds} AS t FROM ${rows} ORDER BY u, t, ${order}rowid`,
    );
    const histories = async function* (): AsyncGenerator<PersonHistory> {
      try {
        let user: string | undefined;
        let sessions: string[][] = [];
        let before = 0;
        for (;;) {
          const chunk = await result.fetchChunk();
          if (!chunk || chunk.rowCount === 0) break;
          const [users = [], items = [], times = []] = chunk.getColumns();
          for (let row = 0; row < chunk.rowCount; row++) {
            const time = times[row] as number;
            if (users[row] !== user) {
              if (user !== undefined) yield { user, sessions };
              user = users[row] as string;
              sessions = [[]];
            } else if (sessionGap !== null && time - before > sessionGap) sessions.push([]);
            before = time;
            (sessions.at(-1) as string[]).push(items[row] as string);
          }
        }
        if (user !== undefined) yield { user, sessions };
      } finally {
        close();
      }
    };
    return { people, histories: histories(), close };
  } catch (error) {
    close();
    throw error;
  }
}
