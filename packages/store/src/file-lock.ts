import { createHash } from "node:crypto";
import fs from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { failedError, interruptedError } from "@kshot/contract";
import { writeError } from "./file-errors.js";
import { HeldLock } from "./held-lock.js";
import { createLock, type FoundLock, leaseSeconds, lockText, readLock } from "./lock-file.js";

/** How long a living holder is waited for: attempts, and milliseconds between them. */
export interface LockPatience {
  readonly attempts: number;
  readonly pauseMs: number;
}

/** What the one that waits may be told, and how it stops waiting. */
export interface LockWaiting {
  /** Told once where another process holds the lock, or may hold it. */
  readonly onWait?: (holder: string) => void;
  readonly signal?: AbortSignal;
}

/** A registry is held for milliseconds. Longer than a lease, so that a holder that cannot be asked and is gone is outlived. */
const defaultPatience: LockPatience = { attempts: 40 * (leaseSeconds + 5), pauseMs: 25 };

/** What `acquire` does about a holder. */
interface Acquisition extends LockWaiting {
  readonly pauseMs: number;
  /** Asked while a holder lives: gives up by throwing. */
  readonly onLiving: (holder: FoundLock) => void;
}

/**
 * Runs `work` while holding `<path>.lock`, a file that names its process and machine. A lock whose process is gone is taken over; of a
 * process that cannot be asked, on another machine or in another container, one that gave no sign of life for half a minute.
 *
 * @throws `FAILED` when the lock stays held, naming the lock file and its holder; what `work` throws.
 */
export async function withFileLock<Result>(
  path: string,
  work: () => Promise<Result>,
  { attempts, pauseMs }: LockPatience = defaultPatience,
): Promise<Result> {
  const lock = `${path}.lock`;
  let left = attempts;
  const onLiving = ({ holder }: FoundLock) => {
    if (--left > 0) return;
    throw failedError({
      where: lock,
      found: `held by ${holder}`,
      expected: "that it is released within seconds",
      todo: `If no kshot is running, remove ${lock}`,
    });
  };
  return releasing(await acquire(lock, { pauseMs, onLiving }), work);
}

/**
 * Runs `work` while this process alone works in a folder, held by `<folder>/<name>.lock`. `work` is given the lock, to ask before it writes
 * whether it is still held.
 *
 * @throws `FAILED` where another process works there, naming it: at once where it can be asked, after its next sign of life where it
 *   cannot; what `work` throws.
 */
export async function withFolderHeld<Result>(
  folder: string,
  name: string,
  work: (lock: HeldLock) => Promise<Result>,
  waiting: LockWaiting = {},
): Promise<Result> {
  const lock = `${join(folder, name)}.lock`;
  let silentSince: number | undefined;
  const onLiving = ({ holder, alive, beatMs }: FoundLock) => {
    silentSince ??= beatMs;
    if (alive === undefined && beatMs === silentSince) return;
    throw failedError({
      where: folder,
      found: `another process works in it: ${holder} (process, machine)`,
      expected: "one process at a time",
      todo: `Wait for it, or stop it; if no kshot is running there, remove ${lock}`,
    });
  };
  return releasing(await acquire(lock, { ...waiting, pauseMs: 500, onLiving }), work);
}

/**
 * Runs `work` while holding `<path>.lock`, waiting as long as another process that lives holds it. Folders on the way are created.
 *
 * @throws `INTERRUPTED` when `signal` fires while it waits; what `work` throws.
 */
export async function withWaitingLock<Result>(
  path: string,
  work: (lock: HeldLock) => Promise<Result>,
  waiting: LockWaiting = {},
): Promise<Result> {
  try {
    await fs.mkdir(dirname(path), { recursive: true });
  } catch (cause) {
    throw writeError(path, cause);
  }
  return releasing(await acquire(`${path}.lock`, { ...waiting, pauseMs: 200, onLiving: () => {} }), work);
}

/** The process that holds `<folder>/<name>.lock` and lives, or may live; undefined where nobody does. */
export async function folderHolder(folder: string, name: string): Promise<string | undefined> {
  const found = await readLock(`${join(folder, name)}.lock`, Date.now());
  return found === undefined || found.alive === false ? undefined : found.holder;
}

async function releasing<Result>(held: HeldLock, work: (lock: HeldLock) => Promise<Result>): Promise<Result> {
  try {
    return await work(held);
  } finally {
    await held.release();
  }
}

async function acquire(lock: string, { pauseMs, onLiving, onWait, signal }: Acquisition): Promise<HeldLock> {
  let told = false;
  /** The lock of a holder that cannot be asked, and since when it has been silent, by this process's own clock. */
  let silent: { readonly text: string; readonly beatMs: number; readonly since: number } | undefined;
  for (;;) {
    const text = lockText();
    const { ours, nowMs } = await createLock(lock, text);
    if (ours) return new HeldLock(lock, text);
    const found = await readLock(lock, nowMs);
    if (found === undefined) continue;
    if (silent?.text !== found.text || silent.beatMs !== found.beatMs) {
      silent = { text: found.text, beatMs: found.beatMs, since: performance.now() };
    }
    const isSilent = found.alive === undefined && performance.now() - silent.since > leaseSeconds * 1000;
    if (found.alive === false || isSilent) {
      await breakLock(lock, found.text);
      continue;
    }
    onLiving(found);
    if (!told) onWait?.(found.holder);
    told = true;
    if (signal?.aborted) throw interruptedError({ found: `stopped while it waited for ${lock}` });
    await setTimeout(pauseMs);
  }
}

/**
 * Removes a lock whose process is gone. Of several that saw it dead only the one that holds a lock named after this very lock may look
 * again and remove: else the slower would remove the faster one's new lock.
 */
async function breakLock(lock: string, dead: string): Promise<void> {
  const breaking = `${lock}.break-${createHash("sha256").update(dead).digest("hex").slice(0, 12)}`;
  const text = lockText();
  const { ours, nowMs } = await createLock(breaking, text);
  if (!ours) {
    const found = await readLock(breaking, nowMs);
    if (found?.alive === false) await fs.rm(breaking, { force: true });
    else await setTimeout(10);
    return;
  }
  try {
    const now = await fs.readFile(lock, "utf8").catch(() => undefined);
    if (now === dead) await fs.rm(lock, { force: true });
  } finally {
    await fs.rm(breaking, { force: true });
  }
}
