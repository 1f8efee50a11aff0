import fs from "node:fs/promises";
import { basename, dirname, join } from "node:path";

let taken = 0;

/** A name beside `path` for what is to become it: `.name.tmp-<process>-<number>`, unique in this process. */
export function temporaryBeside(path: string, kind: "tmp" | "old" = "tmp"): string {
  return join(dirname(path), `.${basename(path)}.${kind}-${process.pid}-${++taken}`);
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
