import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/**
 * Up to this size the Parquet reader keeps 20 MB at most, and a thread for it costs more than it saves: its start loads the reader a
 * second time, which takes half a second.
 */
const smallBytes = 512 * 1024;

/**
 * Whether the Parquet files of a data folder are small enough to be read in this thread.
 *
 * @param directory - the data folder; a missing folder counts as small; reading it gives the error
 */
export async function isSmallFolder(directory: string): Promise<boolean> {
  let bytes = 0;
  for (const folder of ["pairs", "episodes"].map((name) => join(directory, name))) {
    if (!existsSync(folder)) continue;
    for (const file of await readdir(folder)) bytes += (await stat(join(folder, file))).size;
  }
  return bytes <= smallBytes;
}
