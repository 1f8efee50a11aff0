import fs from "node:fs/promises";
import { writeError } from "./file-errors.js";

/** Removes a file; one that is not there is as good. @throws `USAGE` where it may not be removed. */
export async function removeFile(path: string): Promise<void> {
  try {
    await fs.rm(path, { force: true });
  } catch (cause) {
    throw writeError(path, cause);
  }
}
