import fs from "node:fs";
import { isMainThread, workerData } from "node:worker_threads";

/** Keeps a lock alive. */
export interface Beat {
  readonly lock: string;
  readonly text: string;
  readonly everyMs: number;
}

/**
 * Sends a heartbeat: writes the same text to the lock file again, so that the file system updates its time. A lock that another
 * process has taken over is not touched.
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
    // The disk is full or the lock was removed. The holder checks the lock before it writes.
  }
}

// A separate thread, so that a busy main thread does not look like an ended process.
if (!isMainThread && (workerData as Partial<Beat> | null)?.everyMs !== undefined) {
  const work = workerData as Beat;
  setInterval(() => beat(work), work.everyMs);
}
