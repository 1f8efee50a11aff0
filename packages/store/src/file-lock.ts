import fs from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { failedError } from "@kshot/contract";
import { systemCode, writeError } from "./file-errors.js";

/** How long a lock is waited for: attempts, and milliseconds between them. */
export interface LockPatience {
  readonly attempts: number;
  readonly pauseMs: number;
}

/** Ten seconds: a registry is held for milliseconds. */
const defaultPatience: LockPatience = { attempts: 400, pauseMs: 25 };

/**
 * Runs `work` while holding `<path>.lock`, a file created exclusively that names its process and machine. A lock whose
 * process, on this machine, is gone is taken over.
 *
 * @throws `FAILED` when the lock stays held, naming the lock file and its holder; what `work` throws.
 */
export async function withFileLock<Result>(
  path: string,
  work: () => Promise<Result>,
  patience: LockPatience = defaultPatience,
): Promise<Result> {
  const lock = `${path}.lock`;
  await acquire(lock, patience);
  try {
    return await work();
  } finally {
    await fs.rm(lock, { force: true }).catch(() => {});
  }
}

async function acquire(lock: string, { attempts, pauseMs }: LockPatience): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) await setTimeout(pauseMs);
    if (await createExclusively(lock)) return;
    await removeIfStale(lock);
  }
  throw failedError({
    where: lock,
    found: `held by ${(await holderOf(lock)) ?? "another process"}`,
    expected: "that it is released within seconds",
    todo: `If no kshot is running, remove ${lock} and ${lock}.break`,
  });
}

/** Creates the file with this process's name in it; false where it exists. */
async function createExclusively(path: string): Promise<boolean> {
  try {
    await fs.writeFile(path, `${process.pid} ${hostname()}\n`, { flag: "wx" });
    return true;
  } catch (cause) {
    if (systemCode(cause) === "EEXIST") return false;
    throw writeError(path, cause);
  }
}

/**
 * Removes a lock whose process is gone. Only who holds `<lock>.break` may look and remove: else, of two that saw the dead
 * lock, the slower would remove the faster one's new lock.
 */
async function removeIfStale(lock: string): Promise<void> {
  if (!isStale(await holderOf(lock))) return;
  if (!(await createExclusively(`${lock}.break`))) return;
  try {
    if (isStale(await holderOf(lock))) await fs.rm(lock, { force: true });
  } finally {
    await fs.rm(`${lock}.break`, { force: true });
  }
}

/** The text of a lock, `<process> <machine>`; undefined where it is gone or not written yet. */
async function holderOf(lock: string): Promise<string | undefined> {
  try {
    return (await fs.readFile(lock, "utf8")).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Whether the holder was a process of this machine that is gone; of another machine's, nothing is known. */
function isStale(holder: string | undefined): boolean {
  const [, id, machine] = /^(\d+) (.+)$/.exec(holder ?? "") ?? [];
  if (id === undefined || machine !== hostname()) return false;
  try {
    process.kill(Number(id), 0);
    return false;
  } catch (cause) {
    return systemCode(cause) === "ESRCH";
  }
}

/**
 * Runs `work` while this process alone works in a folder, held by `<folder>/<name>.lock`.
 *
 * @throws `FAILED` at once where another process works there, naming it; what `work` throws.
 */
export async function withFolderHeld<Result>(
  folder: string,
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const path = join(folder, name);
  const lock = `${path}.lock`;
  // Twice, so that a lock whose process is gone is taken over.
  if (!(await createExclusively(lock))) {
    await removeIfStale(lock);
    if (!(await createExclusively(lock))) {
      throw failedError({
        where: folder,
        found: `another process works in it: ${(await holderOf(lock)) ?? "unknown"} (process, machine)`,
        expected: "one process at a time",
        todo: `Wait for it, or stop it; if no kshot is running there, remove ${lock}`,
      });
    }
  }
  try {
    return await work();
  } finally {
    await fs.rm(lock, { force: true }).catch(() => {});
  }
}
