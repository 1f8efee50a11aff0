import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { exitCodeOf, failedError, KshotError, messageOf } from "@kshot/contract";
import { type Done, doneSchema, type Failures, failuresSchema } from "@kshot/contract/schemas";
import { readJsonFile, writeJsonFile } from "@kshot/store";

/** Folder of a cell: its lease, its failures, and `done.json` when it is done. */
export function cellFolder(directory: string, cell: number): string {
  return join(directory, "cells", String(cell).padStart(4, "0"));
}

function doneFile(directory: string, cell: number): string {
  return join(cellFolder(directory, cell), "done.json");
}

function failuresFile(directory: string, cell: number): string {
  return join(cellFolder(directory, cell), "failures.json");
}

/** Whether a cell is done. */
export function isDone(directory: string, cell: number): boolean {
  return existsSync(doneFile(directory, cell));
}

/** The `done.json` of a finished cell. @throws `DATA` if the cell is not done. */
export function readDone(directory: string, cell: number): Promise<Done> {
  return readJsonFile(doneFile(directory, cell), doneSchema);
}

/**
 * Writes `done.json` atomically. If another process was faster, both outputs must be equal.
 *
 * @throws `FAILED` if the cell was done before with another output.
 */
export async function writeDone(directory: string, cell: number, done: Omit<Done, "format">): Promise<void> {
  const file = doneFile(directory, cell);
  if (!existsSync(file)) return writeJsonFile(file, doneSchema, { format: "kshot.done/1", ...done });
  const before = await readJsonFile(file, doneSchema);
  if (before.output === done.output) return;
  throw failedError({
    where: file,
    found: `output ${before.output.slice(0, 12)}…, computed on ${before.volatile.host}, and ${done.output.slice(0, 12)}… here`,
    expected: "the same output on every machine",
    todo: "Please report this: two machines computed different numbers from one plan",
  });
}

/** Failed tries of a cell, the first one first. */
export async function readFailures(directory: string, cell: number): Promise<Failures["failures"]> {
  const file = failuresFile(directory, cell);
  return existsSync(file) ? (await readJsonFile(file, failuresSchema)).failures : [];
}

/** Adds a failed try. Only the holder of the cell writes. */
export async function addFailure(directory: string, cell: number, error: unknown): Promise<void> {
  const failures = [
    ...(await readFailures(directory, cell)),
    {
      code: KshotError.isInstance(error) ? error.code : String(exitCodeOf(error)),
      message: messageOf(error),
      host: hostname(),
      at: new Date().toISOString(),
    },
  ];
  await writeJsonFile(failuresFile(directory, cell), failuresSchema, { format: "kshot.failures/1", failures });
}
