import fs from "node:fs";
import { isMainThread, workerData } from "node:worker_threads";

/** What keeps a lock alive. */
export interface Beat {
  readonly lock: string;
  readonly text: string;
  readonly everyMs: number;
}

/**
 * Gives a sign of life: writes the same text over a lock, so that the file system sets its time. A lock that is another's by now is left
 * alone.
 */
export function beat({ lock, text }: Omit<Beat, "everyMs">): void {
  try {
    const file = fs.openSync(lock, "r+");
    try {
      if (fs.readFileSync(file, "utf8") === text) fs.writeSync(file, text, 0);
    } finally {
      fs.closeSync(file);
    }
  } catch {
    // A full disk or a lock that was removed: whoever holds it asks before it writes.
  }
}

// In a thread of its own, so that work that does not let go of the main thread does not look dead.
if (!isMainThread && (workerData as Partial<Beat> | null)?.everyMs !== undefined) {
  const work = workerData as Beat;
  setInterval(() => beat(work), work.everyMs);
}
