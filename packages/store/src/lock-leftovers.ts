import fs from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { makerOf } from "./atomic-rename.js";
import { readLock } from "./lock-file.js";
import { isAlive } from "./process-identity.js";

/** Locks that were checked for files of killed processes. */
const checked = new Set<string>();

/**
 * Removes what processes left that were killed while they created or broke a lock: temporary files, and second locks
 * (`<lock>.break-…`). Files of a process that lives, or may live, are not touched. Each lock is checked once per process.
 */
export async function removeLockLeftovers(lock: string): Promise<void> {
  if (checked.has(lock)) return;
  checked.add(lock);
  const folder = dirname(lock);
  const name = basename(lock);
  for (const entry of await fs.readdir(folder).catch(() => [])) {
    const left = join(folder, entry);
    const isTemporary = entry.startsWith(`.${name}.tmp-`) || entry.startsWith(`.${name}.break-`);
    if (isTemporary ? madeByEnded(entry) : entry.startsWith(`${name}.break-`) && (await heldByEnded(left)))
      await fs.rm(left, { force: true }).catch(() => {});
  }
}

function madeByEnded(entry: string): boolean {
  const maker = makerOf(entry);
  return maker !== undefined && isAlive(maker) === false;
}

async function heldByEnded(lock: string): Promise<boolean> {
  const found = await readLock(lock, Date.now()).catch(() => undefined);
  return found?.alive === false;
}
