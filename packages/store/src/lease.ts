import { randomUUID } from "node:crypto";
import fs from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { systemCodeOf } from "@kshot/contract";
import { writeError } from "./file-errors.js";
import { hasProcess, isAlive, type ProcessIdentity, thisProcess } from "./process-identity.js";

/** The holder of a lease. */
export interface LeaseHolder {
  readonly host: string;
  readonly pid: number;
  /** Milliseconds since 1970 by the holder's clock, for information only. */
  readonly since: number;
}

/** A lease file as read. */
export interface FoundLease {
  readonly holder: LeaseHolder | null;
  /** Seconds since it was last renewed, by the file system's clock. */
  readonly age: number;
  /** Whether its holder is a process of this machine that has ended. Its number may be another process's by now. */
  readonly dead: boolean;
}

/** A lease that this process holds. */
export interface Lease {
  /** Renews the lease. False if another process has taken it over. @throws as a write */
  renew(): Promise<boolean>;
  /** Releases the lease; does nothing if another process has taken it over. */
  release(): Promise<void>;
}

const leaseName = /^lease\.(\d+)$/;
const clockName = ".clock-";

/**
 * Takes the lease of a folder, or a lease that was not renewed for `seconds`. The lease is a file `lease.<n>`, created
 * exclusively and written again at each renewal. A process that takes over an old lease renames it to `lease.<n + 1>`; only one
 * process can do this. Ages are differences of two times of the file system, so that clocks of machines do not matter. A lease of
 * an ended process on this machine is taken over at once.
 *
 * A holder that was suspended for longer than `seconds` can continue to write at the same time as its successor. Both must write
 * the same content.
 *
 * @param seconds - age at which a lease counts as abandoned, > 0
 * @returns null if another process holds it
 * @throws `USAGE` for a folder that cannot be written, `FAILED` for a full or broken disk.
 */
export async function takeLease(folder: string, seconds: number): Promise<Lease | null> {
  try {
    await fs.mkdir(folder, { recursive: true });
    const last = await generation(folder);
    if (last === null) return await createFirst(folder);
    const found = await look(folder, last);
    if (found !== null && !found.dead && found.age <= seconds) return null;
    const path = join(folder, `lease.${last + 1}`);
    try {
      await fs.rename(join(folder, `lease.${last}`), path);
    } catch (cause) {
      if (systemCodeOf(cause) === "ENOENT") return null;
      throw cause;
    }
    const lease = new FileLease(path);
    return (await lease.claim()) ? lease : null;
  } catch (cause) {
    throw writeError(folder, cause);
  }
}

/** The lease of a folder; null if there is none. @throws as a read */
export async function findLease(folder: string): Promise<FoundLease | null> {
  try {
    const last = await generation(folder);
    return last === null ? null : await look(folder, last);
  } catch (cause) {
    if (systemCodeOf(cause) === "ENOENT") return null;
    throw writeError(folder, cause);
  }
}

/** Removes the leases of a folder whose work is done: those of processes that were killed before they released them. */
export async function removeLeases(folder: string): Promise<void> {
  const left = (await fs.readdir(folder)).filter((name) => leaseName.test(name) || name.startsWith(clockName));
  for (const name of left) await fs.rm(join(folder, name), { force: true });
}

async function createFirst(folder: string): Promise<Lease | null> {
  const path = join(folder, "lease.1");
  const lease = new FileLease(path);
  try {
    await fs.writeFile(path, lease.text, { flag: "wx" });
  } catch (cause) {
    if (systemCodeOf(cause) === "EEXIST") return null;
    throw cause;
  }
  // Another process may have taken over the first lease between the check and the creation.
  if ((await generation(folder)) === 1) return lease;
  await lease.release();
  return null;
}

/** The number of the newest lease of a folder. */
async function generation(folder: string): Promise<number | null> {
  const numbers = (await fs.readdir(folder)).flatMap((name) => {
    const number = leaseName.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
  return numbers.length === 0 ? null : Math.max(...numbers);
}

async function look(folder: string, number: number): Promise<FoundLease | null> {
  const path = join(folder, `lease.${number}`);
  try {
    const text = await fs.readFile(path, "utf8");
    const { mtimeMs } = await fs.stat(path);
    const holder = holderIn(text);
    const dead = holder !== null && isGone(holder);
    return { holder, dead, age: ((await fileSystemTime(folder)) - mtimeMs) / 1000 };
  } catch (cause) {
    if (systemCodeOf(cause) === "ENOENT") return null;
    throw cause;
  }
}

/** The current time of the file system: the time of a file written just now. */
async function fileSystemTime(folder: string): Promise<number> {
  const path = join(folder, `${clockName}${randomUUID()}`);
  try {
    await fs.writeFile(path, "now");
    return (await fs.stat(path)).mtimeMs;
  } finally {
    await fs.rm(path, { force: true });
  }
}

/** The holder with its identity, which leases of older versions lack. */
interface NamedHolder extends LeaseHolder {
  readonly identity?: ProcessIdentity;
}

/** The holder that a lease names; null while it is being written. */
function holderIn(text: string): NamedHolder | null {
  const [, number, since, host, machine, started] =
    /^\S+ (\d+) (\d+) ([^\n]+)\n(?:([0-9a-f]{8}) (\d+)\n)?$/.exec(text) ?? [];
  if (host === undefined) return null;
  const pid = Number(number);
  const holder = { host, pid, since: Number(since) };
  return machine === undefined || started === undefined ? holder : { ...holder, identity: { pid, machine, started } };
}

/**
 * Whether a holder is a process of this machine that has ended. Without an identity, the host's name and the process's number
 * decide.
 */
function isGone({ host, pid, identity }: NamedHolder): boolean {
  if (identity !== undefined) return isAlive(identity) === false;
  return host === hostname() && !hasProcess(pid);
}

/** The text of a lease of this process: the first line for people, the second for kshot. */
function leaseText(token: string): string {
  const { pid, machine, started } = thisProcess();
  return `${token} ${pid} ${Date.now()} ${hostname()}\n${machine} ${started}\n`;
}

class FileLease implements Lease {
  readonly text = leaseText(randomUUID());

  constructor(readonly path: string) {}

  /** Writes this holder's name into a lease that was taken over. False if another process was faster. */
  async claim(): Promise<boolean> {
    return this.#write(() => true);
  }

  async renew(): Promise<boolean> {
    return this.#write((text) => text === this.text);
  }

  async release(): Promise<void> {
    const text = await fs.readFile(this.path, "utf8").catch(() => "");
    if (text === this.text) await fs.rm(this.path, { force: true }).catch(() => {});
  }

  /** Writes the file, which must exist. Its time becomes the file system's current time. */
  async #write(mine: (text: string) => boolean): Promise<boolean> {
    try {
      const file = await fs.open(this.path, "r+");
      try {
        if (!mine(await file.readFile("utf8"))) return false;
        await file.truncate(0);
        await file.write(this.text, 0);
      } finally {
        await file.close();
      }
      // The file was renamed during the write. It belongs to the successor now.
      await fs.stat(this.path);
      return true;
    } catch (cause) {
      if (systemCodeOf(cause) === "ENOENT") return false;
      throw writeError(this.path, cause);
    }
  }
}
