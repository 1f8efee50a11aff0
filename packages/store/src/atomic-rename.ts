import { createHash, randomBytes } from "node:crypto";
import fs from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type ProcessIdentity, thisProcess } from "./process-identity.js";

/** What lies beside a file or folder while it is written: what is to become it, or what it was. */
export type TemporaryKind = "tmp" | "old";

/** Characters of a name that a temporary name begins with; file systems allow 255 bytes in all. */
const longestName = 150;

/**
 * A name beside `path` for what is to become it: `.name.tmp-<machine>-<process>-<start>-<random>`, which no other process takes. It tells
 * whether the process that made it is still alive.
 */
export function temporaryBeside(path: string, kind: TemporaryKind = "tmp"): string {
  const { machine, pid, started } = thisProcess();
  const random = randomBytes(4).toString("hex");
  return join(dirname(path), `${beginning(path, kind)}${machine}-${pid}-${started}-${random}`);
}

/** What the temporary names of `path` begin with. */
export function beginning(path: string, kind: TemporaryKind): string {
  const name = basename(path);
  const long = Buffer.byteLength(name) > longestName;
  const short = long ? `${name.slice(0, 40)}~${createHash("sha256").update(name).digest("hex").slice(0, 12)}` : name;
  return `.${short}.${kind}-`;
}

/** Who made a temporary name; undefined for one of an earlier version, which does not tell. */
export function makerOf(name: string): ProcessIdentity | undefined {
  const [, machine, pid, started] = /-([0-9a-f]{8})-(\d+)-(\d+)-[0-9a-f]{8}$/.exec(name) ?? [];
  return machine === undefined ? undefined : { machine, pid: Number(pid), started: started! };
}

/** Forces a folder's entries to the disk, so that a rename in it survives a power cut; where a system cannot, it is left out. */
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
