import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Openings, openingsSchema } from "@kshot/contract/schemas";
import { withFileLock } from "./file-lock.js";
import { readJsonFile, writeJsonFile } from "./json-file.js";

/** Name of the registry of test evaluations in a data folder. */
export const openingsFile = "openings.json";

/** One evaluation of the test people. */
export interface Opening {
  /** Fingerprint of the data. */
  readonly fingerprint: string;
  /** Id of the run or evaluation; an id that is listed already is not counted again. */
  readonly id: string;
  readonly at: Date;
}

/**
 * Counts an evaluation of a data folder's test people in its `openings.json`, for all runs and projects. Safe when other processes
 * do the same.
 *
 * @returns the number of this evaluation, from 1
 * @throws `DATA` for an invalid `openings.json`, `USAGE` for a folder that cannot be written, `FAILED` if another process keeps
 * the lock.
 */
export async function countOpening(dataDir: string, { fingerprint, id, at }: Opening): Promise<number> {
  const path = join(dataDir, openingsFile);
  return withFileLock(path, async () => {
    const openings = await readOpenings(dataDir);
    const own = openings.data[fingerprint] ?? { opened: 0, by: [] };
    const before = own.by.findIndex((opening) => opening.id === id);
    if (before !== -1) return before + 1;
    own.by.push({ id, at: at.toISOString() });
    own.opened = own.by.length;
    openings.data[fingerprint] = own;
    await writeJsonFile(path, openingsSchema, openings);
    return own.opened;
  });
}

/**
 * How often the test people of a data folder have been evaluated.
 *
 * @returns 0 if there is no registry
 * @throws `DATA` for an invalid `openings.json`.
 */
export async function openingsOf(dataDir: string, fingerprint: string): Promise<number> {
  return (await readOpenings(dataDir)).data[fingerprint]?.opened ?? 0;
}

/** The registry of a data folder; empty if there is none. @throws `DATA` if it is invalid. */
export async function readOpenings(dataDir: string): Promise<Openings> {
  const path = join(dataDir, openingsFile);
  if (!existsSync(path)) return { schema: "kshot.openings/1", data: {} };
  return readJsonFile(path, openingsSchema);
}
