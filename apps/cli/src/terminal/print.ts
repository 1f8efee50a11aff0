import { type KshotError, printable } from "@kshot/contract";

/**
 * Writes text for people. The text can contain names from files, so characters that a terminal would execute are written as escapes.
 *
 * @param text lines, with the line break of the last
 */
export function print(text: string): void {
  process.stdout.write(printable(text, { lines: true }));
}

/** The same to standard error: notes in addition to the answer. */
export function printNote(text: string): void {
  process.stderr.write(printable(text, { lines: true }));
}

/** Warns that a results file was changed since kshot wrote it: the output has the numbers of the changed file. */
export function warnOfDamage({ parts }: KshotError): void {
  process.stderr.write(`Warning: ${parts.where}: ${parts.found}. The output has the numbers of the changed file.\n`);
}
