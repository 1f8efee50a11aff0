import { dataError } from "@kshot/contract";

/** The error for text that is not CSV. */
export function notCsv(file: string, line: number | undefined, reason: string, cause?: unknown) {
  const encoding = /unicode|utf-8/i.test(reason);
  const quote = /quote/i.test(reason);
  const state = /state machine/i.test(reason);
  const backslash = quote && cause instanceof Error && cause.message.includes('\\"');
  const [expected, found] = (/Columns: (\d+) Found: (\d+)/.exec(reason) ?? []).slice(1).map(Number);
  const rowNames = line === 2 && expected !== undefined && found === expected + 1;
  return dataError({
    where: line === undefined ? file : `${file}, line ${line}`,
    found: `it cannot be read as CSV: ${state ? "its lines end in several ways, or a quote is at a wrong position" : reason}`,
    expected:
      "UTF-8 text with as many fields in each line as in the header, quotes that close and one kind of line end",
    todo: encoding
      ? "Name its encoding with --encoding, as latin-1 or utf-16"
      : backslash
        ? 'Write each quote inside a quoted field twice (""), not as \\"'
        : rowNames
          ? "If each line begins with a row's name or number that the header leaves out, as R writes it, add a name for it to the header; otherwise write a field with the separator in it between quotes, or leave out a few such lines with --skip-bad N"
          : quote || state
            ? 'If quotes are part of the text, add --no-quotes; otherwise write each quote inside a quoted field twice (""), and end all lines in the same way'
            : "Name an unusual separator with --sep; leave out a few bad lines with --skip-bad N",
    cause,
  });
}

/** The line as DuckDB counts, and the reason, in its message. */
export function csvReason(message: string): { counted: number | undefined; reason: string } {
  const [head = "", ...rest] = message.split("\n").map((text) => text.trim());
  const line = /CSV Error on Line: (\d+)/.exec(head)?.[1];
  // After the head: the line itself (sometimes several), the reason, and advice on DuckDB's options.
  const advice = rest.findIndex((text) => text.startsWith("Possible"));
  const reason = rest.slice(0, advice < 0 ? rest.length : advice).findLast((text) => text !== "");
  return {
    counted: line === undefined ? undefined : Number(line),
    reason: (line === undefined || reason === undefined ? head : reason).replace(/\.$/, ""),
  };
}
