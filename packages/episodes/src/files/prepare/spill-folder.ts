import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { usageError } from "@kshot/contract";

const prefix = "kshot-duckdb-";

/** Hours after which a folder that nobody removed is taken away: its process was killed. */
const hoursKept = 24;

/**
 * Makes a temporary folder for what does not fit in memory: events of people, so that only its owner may read it (mode 0700, a random
 * name). It is removed by `remove`, and when the process ends. What a killed process left is removed after 24 hours.
 *
 * @param parent default: the system's folder for temporary files, `TMPDIR`
 * @returns its path, and what removes it
 * @throws `USAGE` where no folder can be made there
 */
export function spillFolder(parent = tmpdir()): { folder: string; remove: () => void } {
  sweep(parent);
  let folder: string;
  try {
    folder = mkdtempSync(join(parent, `${prefix}${process.pid}-`));
  } catch (cause) {
    throw usageError({
      where: parent,
      found: `no temporary folder can be made in it (${(cause as NodeJS.ErrnoException).code})`,
      expected: "a folder that can be written",
      todo: "Set TMPDIR to one",
      cause,
    });
  }
  const remove = () => {
    process.off("exit", remove);
    // Another thread may write a file while the folder is being emptied.
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  process.on("exit", remove);
  return { folder, remove };
}

/** Removes old folders of processes that are no more. One that is not this user's cannot be removed, and stays. */
function sweep(parent: string): void {
  let names: string[];
  try {
    names = readdirSync(parent).filter((name) => name.startsWith(prefix));
  } catch {
    return;
  }
  for (const name of names) {
    try {
      const [pid] = name.slice(prefix.length).split("-");
      if (/^\d+$/.test(pid ?? "") && isAlive(Number(pid))) continue;
      const age = Date.now() - statSync(join(parent, name)).mtimeMs;
      if (age > hoursKept * 3_600_000) rmSync(join(parent, name), { recursive: true, force: true });
    } catch {
      // Removed by another process, or not ours.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
