import { createHash } from "node:crypto";
import fs from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { failedError, interruptedError } from "@kshot/contract";
import { writeError } from "./file-errors.js";
import { HeldLock } from "./held-lock.js";
import { createLock, type FoundLock, leaseSeconds, lockText, readLock } from "./lock-file.js";
import { removeLockLeftovers } from "./lock-leftovers.js";

/** How long to wait for a living holder: attempts, and milliseconds between them. */
export interface LockPatience {
  readonly attempts: number;
  readonly pauseMs: number;
}

/** How a waiting process is notified, and how it stops waiting. */
export interface LockWaiting {
  /** Called once if another process holds the lock, or may hold it. */
  readonly onWait?: (holder: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * A registry is locked for milliseconds. The wait is longer than a lease, so that the lock of an ended holder that cannot be
 * checked expires during it.
 */
const defaultPatience: LockPatience = { attempts: 40 * (leaseSeconds + 5), pauseMs: 25 };

/** The reaction of `acquire` to a holder. */
interface Acquisition extends LockWaiting {
  readonly pauseMs: number;
  /** Called while the holder's process runs; throws to stop waiting. */
  readonly onLiving: (holder: FoundLock) => void;
}

/**
 * Runs `work` while this process holds `<path>.lock`, a file that names the process and machine. The lock of a process that has
 * ended is taken over. If the holder cannot be checked (another machine or container), the lock is taken over after 30 seconds
 * without heartbeat.
 *
 * @throws `FAILED` if another process keeps the lock; the message names the lock file and its holder. Also everything that `work`
 * throws.
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
 * Runs `work` while only this process works in a folder. `<folder>/<name>.lock` is the lock. `work` gets the lock and checks
 * before each write that it still holds it.
 *
 * @throws `FAILED` if another process works there; the message names it. At once if that process can be checked, after its next
 * heartbeat if not. Also everything that `work` throws.
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
 * Runs `work` while this process holds `<path>.lock`. Waits as long as a living process holds it. Missing parent folders are
 * created.
 *
 * @throws `INTERRUPTED` when `signal` fires during the wait. Also everything that `work` throws.
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

/** The process that holds `<folder>/<name>.lock` and lives, or may live; undefined if there is none. */
export async function folderHolder(folder: string, name: string): Promise<string | undefined> {
  const found = await readLock(`${join(folder, name)}.lock`, Date.now());
  return found === undefined || found.alive === false ? undefined : found.holder;
}

/**
 * Removes `<path>.lock` if its process has ended. Takes no lock, and does not wait. A lock whose holder cannot be checked is kept;
 * in a folder that cannot be written, every lock is kept.
 */
export async function removeEndedLock(path: string): Promise<void> {
  const lock = `${path}.lock`;
  try {
    // Without a time, only the process itself shows that it has ended.
    const found = await readLock(lock, 0);
    if (found?.alive === false) await breakLock(lock, found.text);
  } catch {
    // The next write reports the problem.
  }
}

async function releasing<Result>(held: HeldLock, work: (lock: HeldLock) => Promise<Result>): Promise<Result> {
  try {
    return await work(held);
  } finally {
    await held.release();
  }
}

async function acquire(lock: string, { pauseMs, onLiving, onWait, signal }: Acquisition): Promise<HeldLock> {
  await removeLockLeftovers(lock);
  let told = false;
  /** The lock of a holder that cannot be checked, and the time since its last heartbeat, by this process's clock. */
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
 * Removes a lock whose process has ended. Several processes can find it at the same time. Only the one that holds a second lock,
 * named after this lock's content, checks again and removes it. Otherwise a slow process would remove the new lock of a fast one.
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
