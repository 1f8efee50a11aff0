import fs from "node:fs/promises";

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
