const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const byteOrderMark = [0xef, 0xbb, 0xbf];

/** The beginning of a row. */
export interface RowStart {
  /** Number of the row, from 0, the header included. */
  readonly row: number;
  /** Its line in the file, from 1. */
  readonly line: number;
  /** Its line as DuckDB counts: blank lines count, line ends between quotes do not. */
  readonly counted: number;
  /** Its first byte, from 0. */
  readonly byte: number;
}

/**
 * The beginnings of the rows of a text with columns. A blank line is not a row. A line end between quotes belongs to its field.
 *
 * @param pieces the text's bytes, in UTF-8
 * @param mark text between two fields; undefined: quotes have no meaning
 */
export async function* rowStarts(
  pieces: AsyncIterable<Uint8Array>,
  mark: string | undefined,
): AsyncGenerator<readonly RowStart[]> {
  const between = mark === undefined ? [] : [...new TextEncoder().encode(mark)];
  let [line, counted, byte, row, matched, before] = [1, 1, 0, 0, 0, -1];
  let [inRow, fieldBegins, inQuotes, closed] = [false, true, false, false];
  for await (const piece of pieces) {
    const starts: RowStart[] = [];
    for (const own of piece) {
      const at = byte++;
      if (at < byteOrderMark.length && own === byteOrderMark[at]) continue;
      if (own === lineFeed || own === carriageReturn) {
        // CR and LF end one line.
        const ends = own === carriageReturn || before !== carriageReturn;
        before = own;
        if (ends) line++;
        if (inQuotes) continue;
        if (ends) counted++;
        [inRow, fieldBegins, matched, closed] = [false, true, 0, false];
        continue;
      }
      before = own;
      if (!inRow) {
        inRow = true;
        starts.push({ row: row++, line, counted, byte: at });
      }
      if (mark === undefined) continue;
      if (inQuotes) {
        if (own === quote) [inQuotes, closed] = [false, true];
        continue;
      }
      // A quote behind a closing one is a doubled quote: the field continues.
      if (own === quote && (fieldBegins || closed)) {
        [inQuotes, closed, fieldBegins] = [true, false, false];
        continue;
      }
      matched = own === between[matched] ? matched + 1 : own === between[0] ? 1 : 0;
      fieldBegins = matched === between.length;
      if (fieldBegins) matched = 0;
      closed = false;
    }
    yield starts;
  }
}

/** The first row of a text that is wanted, as `rowStarts`. */
export async function findRow(
  pieces: AsyncIterable<Uint8Array>,
  mark: string | undefined,
  wanted: (start: RowStart) => boolean,
): Promise<RowStart | undefined> {
  for await (const starts of rowStarts(pieces, mark)) {
    const found = starts.find(wanted);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * The line at which a row begins, if it is not the one that follows from the row's number.
 *
 * @param row from 0, the header included
 */
export async function movedLineOf(
  pieces: AsyncIterable<Uint8Array>,
  mark: string | undefined,
  row: number,
): Promise<number | undefined> {
  const found = await findRow(pieces, mark, (start) => start.row === row);
  return found === undefined || found.line === row + 1 ? undefined : found.line;
}
