import type { FileHandle } from "node:fs/promises";

/** The content of a file: text (UTF-8) or bytes, as a whole or in pieces. */
export type FileContent = string | Uint8Array | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/** Number of bytes that are collected before a write, so that many small pieces do not cost one system call each. */
const bufferBytes = 1 << 20;

/** Writes a content to an open file and forces it to the disk. */
export async function writeContent(file: FileHandle, content: FileContent): Promise<void> {
  if (typeof content === "string" || content instanceof Uint8Array) await file.writeFile(content);
  else {
    let pieces: Uint8Array[] = [];
    let size = 0;
    for await (const piece of content) {
      // A large piece is written directly. A small one is copied, because its producer may reuse the memory.
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
