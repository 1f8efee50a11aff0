import { randomBytes } from "node:crypto";
import fs from "node:fs/promises";
import { hostname } from "node:os";
import { temporaryBeside } from "./atomic-rename.js";
import { systemCode, writeError } from "./file-errors.js";
import { hasProcess, isAlive, secondsSinceStart, thisProcess } from "./process-identity.js";

/** Seconds between two signs of life that a holder gives, where it holds a lock for longer than one of them. */
export const beatSeconds = 5;

/** Seconds without a sign of life after which a holder that cannot be asked is taken for gone. */
export const leaseSeconds = 30;

/** A lock as read. */
export interface FoundLock {
  /** Its whole text, which no other lock has. */
  readonly text: string;
  /** The holder in words, `<process> <machine>`; "nobody" for an empty file. */
  readonly holder: string;
  /** Time of its last sign of life, by the file system's clock. */
  readonly beatMs: number;
  /** Whether the holder lives; undefined where only its signs of life can tell. */
  readonly alive: boolean | undefined;
}

/** The text of a lock of this process: for a person the first line, for kshot the second. */
export function lockText(): string {
  const { pid, machine, started } = thisProcess();
  return `${pid} ${hostname()}\n${JSON.stringify({ machine, started, id: randomBytes(8).toString("hex") })}\n`;
}

/**
 * Creates a lock, whole or not at all: the text is written beside it, then linked to its place, which only one of several can.
 *
 * @returns the file system's time now; whether the lock is ours
 * @throws `USAGE` or `FAILED` where nothing can be written there
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
    if (systemCode(cause) === "EEXIST") return false;
    if (!withoutLinks.has(systemCode(cause) ?? "")) throw cause;
  }
  try {
    await fs.writeFile(lock, text, { flag: "wx" });
    return true;
  } catch (cause) {
    if (systemCode(cause) === "EEXIST") return false;
    // Half a lock is none.
    await fs.rm(lock, { force: true }).catch(() => {});
    throw cause;
  }
}

/**
 * Reads a lock; undefined where there is none.
 *
 * @param nowMs the file system's time now, as `createLock` gives it
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
    if (systemCode(cause) === "ENOENT") return undefined;
    throw writeError(lock, cause);
  }
  const [holder = "", rest = ""] = text.split("\n");
  const age = (nowMs - beatMs) / 1000;
  return { text, holder: holder.trim() || "nobody", beatMs, alive: holderLives(holder, rest, age) };
}

/** Seconds without a sign of life after which nothing is waited for. Several leases: a clock may have been set forward. */
const longSilence = 4 * leaseSeconds;

function holderLives(holder: string, rest: string, age: number): boolean | undefined {
  const [, pid, host] = /^(\d+) (.+)$/.exec(holder) ?? [];
  // Empty or cut off: the disk was full, or its process was killed as it wrote. One that is being written now has a moment.
  if (pid === undefined) return age > 1 ? false : undefined;
  const identity = identityIn(rest);
  const known = identity ? isAlive({ pid: Number(pid), ...identity }) : livesByNumber(Number(pid), host!, age);
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

/** A lock of an earlier version: process and machine alone. A process that began after the lock was made is another one. */
function livesByNumber(pid: number, host: string, age: number): boolean | undefined {
  if (host !== hostname()) return undefined;
  if (!hasProcess(pid)) return false;
  const seconds = secondsSinceStart(pid);
  return seconds === undefined ? undefined : seconds + 2 > age;
}
