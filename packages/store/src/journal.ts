import { createHash } from "node:crypto";
import fs, { type FileHandle } from "node:fs/promises";
import { systemCodeOf, usageError } from "@kshot/contract";
import { writeError } from "./file-errors.js";

/** Start of the first line, by which a journal is recognised. */
const format = "kshot.journal/1 ";
const newLine = 0x0a;
const pieceBytes = 1 << 20;
/** Hexadecimal digits of the hash in front of each entry. */
const hashDigits = 32;

/**
 * A file of finished parts of long work, one line each. What a killed process has written is read by the next one, in order. Each line starts with a
 * hash of its text, so a line that was cut off, or that a power failure damaged, ends the reading.
 */
export class Journal {
  readonly #path: string;
  readonly #title: string;
  #file: FileHandle | undefined;
  /** Bytes of the file that are in use. What follows is replaced by the next entry. */
  #end = 0;
  /** Bytes after `#end` that are in memory. */
  #ahead = Buffer.alloc(0);
  #appends = false;

  private constructor(path: string, title: string, file: FileHandle | undefined) {
    this.#path = path;
    this.#title = title;
    this.#file = file;
  }

  /**
   * Opens the journal of some work. The file is made by the first `append`.
   *
   * @param title what the work depends on, one line. A journal with another title is replaced.
   * @throws `USAGE` if the file exists and is not a journal, or cannot be opened.
   */
  static async open(path: string, title: string): Promise<Journal> {
    let file: FileHandle | undefined;
    try {
      file = await fs.open(path, "r+");
    } catch (cause) {
      if (systemCodeOf(cause) !== "ENOENT") throw writeError(path, cause);
    }
    const journal = new Journal(path, title, file);
    if (file === undefined) return journal;
    const line = await journal.#line();
    const first = (line ?? journal.#ahead).toString("utf8");
    if (!first.startsWith(format) && !format.startsWith(first)) {
      await file.close();
      throw usageError({
        where: path,
        found: "a file that kshot did not write",
        expected: "nothing there yet, or the finished part of an earlier call",
        todo: "Choose another name for the output, or remove this file yourself",
      });
    }
    if (line !== undefined && first === `${format}${title}`) journal.#use(line.length + 1);
    else journal.#appends = true;
    return journal;
  }

  /**
   * The next entry that an earlier process has written.
   *
   * @param take gets the entry's text and returns its content, or undefined if it does not fit
   * @returns undefined at the end, or after an entry that does not fit; from then on, entries are only appended
   */
  async read<Content>(take: (text: string) => Content | undefined): Promise<Content | undefined> {
    if (this.#appends || this.#file === undefined) return undefined;
    const line = await this.#line();
    const text = line?.toString("utf8", hashDigits + 1) ?? "";
    const isWhole = line?.toString("latin1", 0, hashDigits + 1) === `${hashOf(text)} `;
    const content = isWhole ? take(text) : undefined;
    if (content === undefined || line === undefined) this.#appends = true;
    else this.#use(line.length + 1);
    return content;
  }

  /** Adds an entry, text without line ends. @throws `USAGE` or `FAILED` if it cannot be written; the entries before it stay. */
  async append(text: string): Promise<void> {
    try {
      const isNew = this.#end === 0;
      this.#file ??= await fs.open(this.#path, "w+");
      await this.#file.truncate(this.#end);
      const lines = `${isNew ? `${format}${this.#title}\n` : ""}${hashOf(text)} ${text}\n`;
      const bytes = Buffer.from(lines, "utf8");
      for (let at = 0; at < bytes.length; ) {
        at += (await this.#file.write(bytes, at, bytes.length - at, this.#end + at)).bytesWritten;
      }
      this.#end += bytes.length;
      this.#appends = true;
    } catch (cause) {
      throw writeError(this.#path, cause);
    }
  }

  /** Closes the file and keeps it. */
  async close(): Promise<void> {
    await this.#file?.close().catch(() => {});
    this.#file = undefined;
    this.#appends = true;
  }

  /** Closes and removes the file: the work is done. */
  async remove(): Promise<void> {
    await this.close();
    await fs.rm(this.#path, { force: true }).catch(() => {});
  }

  /** The line after `#end`, without its end; undefined if there is no whole line. */
  async #line(): Promise<Buffer | undefined> {
    let searched = 0;
    for (;;) {
      const end = this.#ahead.indexOf(newLine, searched);
      if (end >= 0) return this.#ahead.subarray(0, end);
      searched = this.#ahead.length;
      const piece = Buffer.alloc(pieceBytes);
      const { bytesRead = 0 } = (await this.#file?.read(piece, 0, pieceBytes, this.#end + searched)) ?? {};
      if (bytesRead === 0) return undefined;
      this.#ahead = Buffer.concat([this.#ahead, piece.subarray(0, bytesRead)]);
    }
  }

  #use(bytes: number): void {
    this.#end += bytes;
    this.#ahead = this.#ahead.subarray(bytes);
  }
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, hashDigits);
}
