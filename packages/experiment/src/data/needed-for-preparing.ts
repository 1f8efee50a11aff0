import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";

/** The memory and disk that `prepare` needs, in bytes. */
export interface NeededForPreparing {
  /** Events in all files, about. */
  readonly events: number;
  /** Resident memory, about. */
  readonly memory: number;
  /** The data folder, about. */
  readonly disk: number;
  /** The least memory and disk: less is never enough. */
  readonly leastMemory: number;
  readonly leastDisk: number;
}

/** Resident bytes of a process that prepares few events. */
const processBytes = 250e6;

/**
 * Measured on events of the synthetic campus, resident: 362 MB at 646,082 events, 667 MB at 3,223,028, 1,060 MB at 8,047,735 and
 * 1,444 MB at 12,871,241. DuckDB's part has a limit and is not more for more events.
 */
const memoryPerEvent = 100;

/** Measured on the same events: 8.6 MB, 34 MB and 126 MB of data folders, at 646,082, 3,223,028 and 12,871,241 events. */
const diskPerEvent = 12;

/** The columns of an event: item, row (4 bytes each), time (8). */
const columnsPerEvent = 16;

/** Least bytes of an event in a data folder. Compressed, a time alone has two bytes or more. */
const leastDiskPerEvent = 2;

/** Bytes of one event in a compressed file, Parquet included; and most bytes, for a file whose lines are not known. */
const [packedBytes, mostBytes] = [8, 1000];

/** Bytes at the start of a file that show the length of its lines. */
const sampleBytes = 1 << 20;

/** The first bytes of files that are compressed: gzip, zstd, Parquet. */
const packed = ["1f8b", "28b52ffd", "50415231"];

/**
 * What `prepare` needs for files of events, from their sizes and the length of their first lines.
 *
 * @param files paths of files; one that cannot be read counts as empty, because the reader reports it
 * @param options.filtered whether a filter drops events while they are read: nothing is certain then
 */
export async function neededForPreparing(
  files: readonly string[],
  { filtered }: { readonly filtered: boolean },
): Promise<NeededForPreparing> {
  let events = 0;
  let least = 0;
  for (const file of files) {
    const found = await eventsIn(file).catch(() => ({ events: 0, least: 0 }));
    events += found.events;
    least += found.least;
  }
  if (filtered) least = 0;
  return {
    events: Math.round(events),
    memory: processBytes + memoryPerEvent * events,
    disk: diskPerEvent * events,
    leastMemory: columnsPerEvent * least,
    leastDisk: leastDiskPerEvent * least,
  };
}

/** Number of events in a file, about, and at least. */
async function eventsIn(path: string): Promise<{ readonly events: number; readonly least: number }> {
  const { size } = await stat(path);
  const start = await firstBytes(path);
  if (packed.some((magic) => start.toString("hex", 0, magic.length / 2) === magic))
    return { events: size / packedBytes, least: size / mostBytes };
  let lines = 0;
  for (let at = start.indexOf("\n"); at !== -1; at = start.indexOf("\n", at + 1)) lines++;
  if (lines === 0) return { events: size / mostBytes, least: 0 };
  const events = (size * lines) / start.length;
  // The first lines may be shorter than the others.
  return { events, least: size === start.length ? lines - 1 : events / 4 };
}

async function firstBytes(path: string): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of createReadStream(path, { end: sampleBytes - 1 })) pieces.push(piece);
  return Buffer.concat(pieces);
}
