import { tablePieces } from "../parquet/table-pieces.js";
import { checkRows } from "./bad-rows.js";
import { openDatabase } from "./event-database.js";
import { listInputs } from "./list-inputs.js";
import { loadEvents } from "./load-events.js";
import { noEvents } from "./no-events.js";
import type { ReadOptions } from "./options.js";
import { orderValue } from "./order-value.js";
import { normalNameSql } from "./readers/sql-text.js";
import { checkTimeFormat } from "./time-column.js";

/** Columns of a shard's file: a person, an item, seconds since 1970. Rows of equal times keep their order in the events. */
export const shardColumns = { user: "user", item: "item", time: "time" } as const;

/** Events cut into shards by person. */
export interface EventShards {
  /** People and events of each shard. */
  readonly counts: readonly { readonly people: number; readonly events: number }[];
  /** The Parquet file of each shard in pieces: one shard after the other, each to its end. */
  readonly files: AsyncIterable<AsyncIterable<Uint8Array>>;
  /** Ends the reading. */
  close(): void;
}

/** Memory of DuckDB; sorting beyond it spills to the disk. */
const memory = "1GB";

/** Rows of one batch of a file. */
const batchRows = 50_000;

/**
 * The shard of a person: the first 15 hexadecimal digits of the MD5 of the name (without blanks around it, Unicode NFC, UTF-8) as
 * a number, modulo the number of shards. MD5 is a standard, so the cut is the same for every version of every library.
 */
const shardOf = (user: string, shards: number) =>
  `CAST(CAST('0x' || substr(md5(${user}), 1, 15) AS BIGINT) % ${shards} AS INTEGER)`;

/**
 * Reads files of events as `prepare` does and cuts them into shards by person; all events of a person are in one shard. Memory
 * does not depend on the number of people.
 *
 * @param shards - number of shards, ≥ 1
 * @throws `DATA` for files that cannot be read, bad rows beyond `skipBad`, and files without events.
 */
export async function cutEventsIntoShards(options: ReadOptions, shards: number): Promise<EventShards> {
  const { inputs, columns, timeFormat } = options;
  const where = inputs.join(", ");
  const { database, close } = await openDatabase({ memory, spillFolder: options.spillFolder });
  try {
    if (timeFormat !== undefined) await checkTimeFormat(database, timeFormat);
    const loaded = await loadEvents(database, await listInputs(database, inputs), options);
    const { usable, seconds } = await checkRows(database, loaded, options, where);
    const user = normalNameSql('"user"');
    const read = `events${usable === null ? "" : ` WHERE ${usable}`}`;
    const order = columns.order === undefined ? "NULL" : await orderValue(database, read);
    const rows = `(SELECT ${user} AS u, ${normalNameSql("item")} AS i, ${seconds} AS t, ${order} AS o, rowid AS r, ${shardOf(user, shards)} AS s FROM ${read})`;
    const counted = await database.runAndReadAll(`SELECT s, count(DISTINCT u), count(*) FROM ${rows} GROUP BY s`);
    const counts = Array.from({ length: shards }, () => ({ people: 0, events: 0 }));
    for (const [s, people, events] of counted.getRows())
      counts[Number(s)] = { people: Number(people), events: Number(events) };
    if (counts.every(({ people }) => people === 0)) {
      throw noEvents(where);
    }
    const stream = await database.stream(`SELECT s, u, i, t FROM ${rows} ORDER BY s, u, t, o, r`);
    let chunk: readonly (readonly unknown[])[] = [];
    let at = 0;
    let length = 0;
    /** Whether there is a row at `at`. */
    const more = async () => {
      if (at < length) return true;
      const next = await stream.fetchChunk();
      length = next?.rowCount ?? 0;
      chunk = next && length > 0 ? next.getColumns() : [];
      at = 0;
      return length > 0;
    };
    const batchesOf = async function* (shard: number) {
      let batch: [string[], string[], number[]] = [[], [], []];
      while ((await more()) && chunk[0]?.[at] === shard) {
        batch[0].push(chunk[1]?.[at] as string);
        batch[1].push(chunk[2]?.[at] as string);
        batch[2].push(chunk[3]?.[at] as number);
        at++;
        if (batch[0].length < batchRows) continue;
        yield batch;
        batch = [[], [], []];
      }
      if (batch[0].length > 0) yield batch;
    };
    const files = async function* () {
      try {
        for (let shard = 0; shard < shards; shard++) {
          yield tablePieces(
            [
              [shardColumns.user, "string"],
              [shardColumns.item, "string"],
              [shardColumns.time, "float64"],
            ],
            batchesOf(shard),
          );
        }
      } finally {
        close();
      }
    };
    return { counts, files: files(), close };
  } catch (error) {
    close();
    throw error;
  }
}
