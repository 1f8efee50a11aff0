import { dataError } from "@kshot/contract";

/** The error for text that is not CSV. */
export function notCsv(file: string, line: number | undefined, reason: string, cause?: unknown) {
  const encoding = /unicode|utf-8/i.test(reason);
  const quote = /quote/i.test(reason);
  const state = /state machine/i.test(reason);
  return dataError({
    where: line === undefined ? file : `${file}, line ${line}`,
    found: `it cannot be read as CSV: ${state ? "its lines end in several ways, or a quote is at a wrong position" : reason}`,
    expected:
      "UTF-8 text with as many fields in each line as in the header, quotes that close and one kind of line end",
    todo: encoding
      ? "Name its encoding with --encoding, as latin-1 or utf-16"
      : quote || state
        ? 'If quotes are part of the text, add --no-quotes; otherwise write each quote inside a quoted field twice (""), and end all lines in the same way'
        : "Name an unusual separator with --sep; leave out a few bad lines with --skip-bad N",
    cause,
  });
}
