import { printable } from "@kshot/contract";

/**
 * Writes text for people: names from files stand in it, so that characters which a terminal would obey are written as escapes.
 *
 * @param text lines, with the line break of the last
 */
export function say(text: string): void {
  process.stdout.write(printable(text, { lines: true }));
}

/** The same to standard error: what is said beside the answer. */
export function remark(text: string): void {
  process.stderr.write(printable(text, { lines: true }));
}
