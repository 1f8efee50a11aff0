import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readError } from "./file-errors.js";

/** Identity of a file: an entry of `report.json`'s `data_fingerprints`. */
export interface FileFingerprint {
  /** The path as the caller gave it. */
  readonly path: string;
  readonly bytes: number;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

/**
 * Size and SHA-256 of a file, read in pieces.
 *
 * @throws `DATA` for a file that cannot be read.
 */
export async function sha256File(path: string): Promise<FileFingerprint> {
  const hash = createHash("sha256");
  let bytes = 0;
  try {
    for await (const piece of createReadStream(path)) {
      hash.update(piece as Buffer);
      bytes += (piece as Buffer).length;
    }
  } catch (cause) {
    throw readError(path, cause);
  }
  return { path, bytes, sha256: hash.digest("hex") };
}
