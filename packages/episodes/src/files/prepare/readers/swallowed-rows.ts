import { type RowStart, rowStarts } from "./row-lines.js";

const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Lines of a text that are most likely rows, but lie between two quotes and so belong to the field of another row. */
export interface SwallowedRows {
  /** The first row with such lines, from 0, the header included. */
  readonly row: number;
  /** Its line, from 1. */
  readonly line: number;
  /** The number of all such lines. */
  readonly lines: number;
}

/**
 * Rows that a text loses where a quote opens in one row and closes in a later one. A field over several lines is taken for such a
 * case where each of its row's lines has, without regard to quotes, as many fields as the text has columns.
 *
 * @param pieces reads the text's bytes, in UTF-8, from the beginning
 * @param text its separator, its number of columns, and the number of rows that were read, the header included
 * @returns undefined where there are none
 */
export async function swallowedRows(
  pieces: () => AsyncIterable<Uint8Array>,
  { mark, columns, rows }: { readonly mark: string; readonly columns: number; readonly rows: number },
): Promise<SwallowedRows | undefined> {
  if (columns < 2) return undefined;
  if (!(await hasQuote(pieces())) || (await countLines(pieces())) === rows) return undefined;
  let [first, swallowed]: [RowStart | undefined, number] = [undefined, 0];
  for await (const { start, text } of rowsOfSeveralLines(pieces(), mark)) {
    const own = text.split(/\r\n|\r|\n/).filter((line) => line !== "");
    if (own.length < 2 || own.some((line) => line.split(mark).length !== columns)) continue;
    first ??= start;
    swallowed += own.length - 1;
  }
  return first && { row: first.row, line: first.line, lines: swallowed };
}

/** Whether a text has a quote. */
async function hasQuote(pieces: AsyncIterable<Uint8Array>): Promise<boolean> {
  for await (const piece of pieces) if (piece.includes(quote)) return true;
  return false;
}

/** The number of lines that are not empty. */
async function countLines(pieces: AsyncIterable<Uint8Array>): Promise<number> {
  let [lines, inLine] = [0, false];
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; at++) {
      const own = piece[at];
      if (own === lineFeed || own === carriageReturn) inLine = false;
      else if (!inLine) {
        inLine = true;
        lines++;
      }
    }
  }
  return lines;
}

/** Rows that have more than one line, with their text. Blank lines after a row are part of it. */
async function* rowsOfSeveralLines(
  pieces: AsyncIterable<Uint8Array>,
  mark: string,
): AsyncGenerator<{ start: RowStart; text: string }> {
  /** The bytes from the last row's start on, and the place of the first of them in the text. */
  let [kept, from]: [Uint8Array, number] = [new Uint8Array(0), 0];
  const noted = async function* () {
    for await (const piece of pieces) {
      kept = Buffer.concat([kept, piece]);
      yield piece;
    }
  };
  const textUntil = (byte: number, start: RowStart) =>
    new TextDecoder().decode(kept.subarray(start.byte - from, byte - from));
  let last: RowStart | undefined;
  for await (const starts of rowStarts(noted(), mark)) {
    for (const start of starts) {
      if (last && start.line - last.line > 1) yield { start: last, text: textUntil(start.byte, last) };
      last = start;
    }
    if (last) [kept, from] = [kept.subarray(last.byte - from), last.byte];
  }
  if (last) yield { start: last, text: textUntil(from + kept.length, last) };
}
