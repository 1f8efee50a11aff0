import { createReadStream, statSync } from "node:fs";
import { dataError } from "@kshot/contract";

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Counts the bytes of a text's last line, line ends not included, in pieces as they come.
 */
export class LastLine {
  #current = 0;
  #last = 0;

  /** The next bytes of the text. */
  add(bytes: Uint8Array): void {
    const end = Math.max(bytes.lastIndexOf(lineFeed), bytes.lastIndexOf(carriageReturn));
    if (end < 0) {
      this.#current += bytes.length;
      return;
    }
    let stop = end;
    while (stop > 0 && (bytes[stop - 1] === lineFeed || bytes[stop - 1] === carriageReturn)) stop--;
    const before =
      stop === 0 ? -1 : Math.max(bytes.lastIndexOf(lineFeed, stop - 1), bytes.lastIndexOf(carriageReturn, stop - 1));
    const whole = stop - before - 1 + (before < 0 ? this.#current : 0);
    if (whole > 0) this.#last = whole;
    this.#current = bytes.length - end - 1;
  }

  /** Bytes of the last line that is not empty. */
  get bytes(): number {
    return this.#current > 0 ? this.#current : this.#last;
  }
}

/** Whether the last line of an uncompressed file is longer than `most` bytes; reads no more than that. */
export async function lastLineExceeds(file: string, most: number): Promise<boolean> {
  const { size } = statSync(file);
  if (size <= most) return false;
  const line = new LastLine();
  for await (const bytes of createReadStream(file, { start: size - Math.min(size, most + 4096) }))
    line.add(bytes as Buffer);
  return line.bytes > most;
}

/** The error for a last line that DuckDB would skip silently. */
export function lastLineTooLong(file: string, most: number) {
  return dataError({
    where: `${file}, last line`,
    found: `more than ${most / 1e6} MB without a line end`,
    expected: `lines of at most ${most / 1e6} MB`,
    todo: "Check whether the file is damaged or its line ends are lost, and remove that line",
  });
}
