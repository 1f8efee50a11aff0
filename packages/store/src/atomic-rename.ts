import { createHash, randomBytes } from "node:crypto";
import fs from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type ProcessIdentity, thisProcess } from "./process-identity.js";

/** Purpose of a temporary name: the new content of a file or folder, or its old content. */
export type TemporaryKind = "tmp" | "old";

/** Number of characters of a name that its temporary name starts with; file systems allow 255 bytes in total. */
const longestName = 150;

/**
 * A temporary name in the folder of `path`: `.name.tmp-<machine>-<process>-<start>-<random>`. It is unique, and it shows whether
 * the process that made it is still alive.
 */
export function temporaryBeside(path: string, kind: TemporaryKind = "tmp"): string {
  const { machine, pid, started } = thisProcess();
  const random = randomBytes(4).toString("hex");
  return join(dirname(path), `${beginning(path, kind)}${machine}-${pid}-${started}-${random}`);
}

/** The start of all temporary names of `path`. */
export function beginning(path: string, kind: TemporaryKind): string {
  const name = basename(path);
  const long = Buffer.byteLength(name) > longestName;
  const short = long ? `${name.slice(0, 40)}~${createHash("sha256").update(name).digest("hex").slice(0, 12)}` : name;
  return `.${short}.${kind}-`;
}

/** What follows `beginning`: the process that made the name, and random digits. */
const mark = "([0-9a-f]{8})-(\\d+)-(\\d+)-[0-9a-f]{8}";
const [wholeMark, markAtEnd] = [new RegExp(`^${mark}$`), new RegExp(`-${mark}$`)];

/** Whether a text can follow `beginning`, also in a name of an earlier version: two numbers. */
export function isMakerMark(text: string): boolean {
  return wholeMark.test(text) || /^\d+-\d+$/.test(text);
}

/** The process that made a temporary name; undefined for names of earlier versions, which do not contain it. */
export function makerOf(name: string): ProcessIdentity | undefined {
  const [, machine, pid, started] = markAtEnd.exec(name) ?? [];
  return machine === undefined || started === undefined ? undefined : { machine, pid: Number(pid), started };
}

/**
 * Forces a folder's entries to the disk, so that a rename in it survives a power failure. Skipped on systems that do not support
 * it.
 */
export async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await fs.open(path, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch {
    // Windows and some network file systems refuse to open or sync a folder; the file itself is on the disk already.
  }
}
