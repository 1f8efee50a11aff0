import { randomBytes } from "node:crypto";
import fs from "node:fs/promises";
import { hostname } from "node:os";
import { systemCodeOf, usageError } from "@kshot/contract";
import { temporaryBeside } from "./atomic-rename.js";
import { writeError } from "./file-errors.js";
import { hasProcess, isAlive, secondsSinceStart, thisProcess } from "./process-identity.js";

/** Seconds between two heartbeats of a holder, if it holds the lock for longer than that. */
export const beatSeconds = 5;

/** Seconds without heartbeat after which a holder that cannot be checked counts as ended. */
export const leaseSeconds = 30;

/** A lock as read. */
export interface FoundLock {
  /** Its whole text; no other lock has the same text. */
  readonly text: string;
  /** The holder in words, `<process> <machine>`; `nobody` for an empty file. */
  readonly holder: string;
  /** Time of its last heartbeat, by the file system's clock. */
  readonly beatMs: number;
  /** Whether the holder lives; undefined if only its heartbeats can show it. */
  readonly alive: boolean | undefined;
}

/** The text of a lock of this process: the first line for people, the second for kshot. */
export function lockText(): string {
  const { pid, machine, started } = thisProcess();
  return `${pid} ${hostname()}\n${JSON.stringify({ machine, started, id: randomBytes(8).toString("hex") })}\n`;
}

/**
 * Creates a lock atomically: the text is written to a temporary file, which is then linked to the lock's path. Only one process
 * can create the link.
 *
 * @returns the file system's time now; whether this process has the lock
 * @throws `USAGE` or `FAILED` if the folder cannot be written
 */
export async function createLock(
  lock: string,
  text: string,
): Promise<{ readonly ours: boolean; readonly nowMs: number }> {
  const temporary = temporaryBeside(lock);
  try {
    await fs.writeFile(temporary, text, { flag: "wx" });
    const { mtimeMs: nowMs } = await fs.stat(temporary);
    return { ours: await linked(temporary, lock, text), nowMs };
  } catch (cause) {
    throw writeError(lock, cause);
  } finally {
    await fs.rm(temporary, { force: true }).catch(() => {});
  }
}

/** Codes of file systems without hard links. */
const withoutLinks = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EINVAL", "EMLINK"]);

async function linked(temporary: string, lock: string, text: string): Promise<boolean> {
  try {
    await fs.link(temporary, lock);
    return true;
  } catch (cause) {
    if (systemCodeOf(cause) === "EEXIST") return false;
    if (!withoutLinks.has(systemCodeOf(cause) ?? "")) throw cause;
  }
  try {
    await fs.writeFile(lock, text, { flag: "wx" });
    return true;
  } catch (cause) {
    if (systemCodeOf(cause) === "EEXIST") return false;
    // Removes an incomplete lock.
    await fs.rm(lock, { force: true }).catch(() => {});
    throw cause;
  }
}

/**
 * Reads a lock; undefined if there is none.
 *
 * @throws `USAGE` for a file that is not a lock: it is another program's, and must not be removed
 *
 * @param nowMs the file system's time now, from `createLock`
 */
export async function readLock(lock: string, nowMs: number): Promise<FoundLock | undefined> {
  let text: string;
  let beatMs: number;
  try {
    const file = await fs.open(lock, "r");
    try {
      text = await file.readFile("utf8");
      beatMs = (await file.stat()).mtimeMs;
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (systemCodeOf(cause) === "ENOENT") return undefined;
    throw writeError(lock, cause);
  }
  const [holder = "", rest = ""] = text.split("\n");
  // A lock begins with the number of a process; an incomplete one is empty, zeros after a power failure, or a part of a lock.
  const written = text.replaceAll("\0", "").trim();
  if (written !== "" && !/^\d/.test(written)) {
    throw usageError({
      where: lock,
      found: "a file that no kshot wrote",
      expected: "no file, or a lock of kshot, because kshot writes its lock there",
      todo: "Move the file elsewhere",
    });
  }
  const age = (nowMs - beatMs) / 1000;
  return { text, holder: holder.trim() || "nobody", beatMs, alive: holderLives(holder, rest, age) };
}

/** Seconds without heartbeat after which there is no wait. A multiple of the lease, because a clock may have been set forward. */
const longSilence = 4 * leaseSeconds;

function holderLives(holder: string, rest: string, age: number): boolean | undefined {
  const [, pid, host] = /^(\d+) (.+)$/.exec(holder) ?? [];
  // Empty or truncated: the disk was full, or the process was killed during the write. A short wait allows for a lock that is
  // being written now.
  if (pid === undefined || host === undefined) return age > 1 ? false : undefined;
  const identity = identityIn(rest);
  const known = identity ? isAlive({ pid: Number(pid), ...identity }) : livesByNumber(Number(pid), host, age);
  return known === undefined && age > longSilence ? false : known;
}

function identityIn(text: string): { machine: string; started: string } | undefined {
  try {
    const { machine, started } = JSON.parse(text) as { machine?: unknown; started?: unknown };
    return typeof machine === "string" && typeof started === "string" ? { machine, started } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A lock of an earlier version has only the process and the machine. If the process started after the lock was made, it is
 * another process.
 */
function livesByNumber(pid: number, host: string, age: number): boolean | undefined {
  if (host !== hostname()) return undefined;
  if (!hasProcess(pid)) return false;
  const seconds = secondsSinceStart(pid);
  return seconds === undefined ? undefined : seconds + 2 > age;
}
