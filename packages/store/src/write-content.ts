import type { FileHandle } from "node:fs/promises";

/** What a file is written from: text (UTF-8) or bytes, whole or in pieces. */
export type FileContent = string | Uint8Array | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/** Bytes gathered before a write, so that a content of many small pieces does not cost a system call each. */
const bufferBytes = 1 << 20;

/** Writes a content to an open file and forces it to the disk. */
export async function writeContent(file: FileHandle, content: FileContent): Promise<void> {
  if (typeof content === "string" || content instanceof Uint8Array) await file.writeFile(content);
  else {
    let pieces: Uint8Array[] = [];
    let size = 0;
    for await (const piece of content) {
      // A large piece is written as it is; a small one is copied, for its maker may use its memory again.
      const large = typeof piece !== "string" && piece.length >= bufferBytes;
      if (!large) {
        const bytes = typeof piece === "string" ? Buffer.from(piece, "utf8") : Uint8Array.from(piece);
        pieces.push(bytes);
        size += bytes.length;
      }
      if (size >= bufferBytes || (large && size > 0)) {
        await file.writeFile(Buffer.concat(pieces));
        pieces = [];
        size = 0;
      }
      if (large) await file.writeFile(piece);
    }
    if (size > 0) await file.writeFile(Buffer.concat(pieces));
  }
  await file.sync();
}
