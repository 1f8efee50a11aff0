import { dataError } from "@kshot/contract";

/** The error for text that is not CSV. */
export function notCsv(file: string, line: number | undefined, reason: string, cause?: unknown) {
  const encoding = /unicode|utf-8/i.test(reason);
  return dataError({
    where: line === undefined ? file : `${file}, line ${line}`,
    found: `it cannot be read as CSV: ${reason}`,
    expected:
      "UTF-8 text with as many fields in each line as in the header, quotes that close and one kind of line end",
    todo: encoding
      ? "Name its encoding with --encoding, as latin-1 or utf-16"
      : "Name an unusual separator with --sep; leave out a few bad lines with --skip-bad N",
    cause,
  });
}
