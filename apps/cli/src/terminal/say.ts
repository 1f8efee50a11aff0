import { printable } from "@kshot/contract";

/**
 * Writes text for people. It can contain names from files, so characters that a terminal would execute are written as escapes.
 *
 * @param text lines, with the line break of the last
 */
export function say(text: string): void {
  process.stdout.write(printable(text, { lines: true }));
}

/** The same to standard error: notes in addition to the answer. */
export function remark(text: string): void {
  process.stderr.write(printable(text, { lines: true }));
}
