import { constants, createReadStream, existsSync, statSync } from "node:fs";
import { access } from "node:fs/promises";
import type { TextDecoder as Decoder } from "node:util";
import { createGunzip } from "node:zlib";
import { dataError } from "@kshot/contract";
import { LastLine, lastLineExceeds } from "./last-line.js";
import { reasonOf } from "./sql-text.js";
import { isUtf8, textDecoderOf } from "./text-encoding.js";

export const formats = "CSV, TSV, JSON lines, JSON or Parquet; text may be packed (.gz)";

/** A readable file, with the information of its first bytes. */
export interface SourceFile {
  /** The path as it was given, for messages. */
  readonly file: string;
  readonly gzip: boolean;
  readonly kind: "parquet" | "json" | "text";
  /** Its beginning, about a megabyte, decoded; empty for Parquet. */
  readonly head: string;
  /** Whether it begins with a byte order mark. */
  readonly bom: boolean;
  /** Whether the last line is longer than a number of bytes. */
  readonly lastLineExceeds: (most: number) => Promise<boolean>;
  /** All of its text, in pieces, if it is UTF-8. */
  readonly utf8?: () => AsyncIterable<string>;
  /** All of its bytes, unpacked and in UTF-8, in pieces. */
  readonly bytes: () => AsyncIterable<Uint8Array>;
  /** All of its text, in pieces; only for encodings other than UTF-8, which DuckDB cannot read. */
  readonly text?: () => AsyncIterable<string>;
}

/** First bytes of unsupported formats, and the advice for each. */
const foreign: readonly (readonly [magic: string, what: string, todo: string])[] = [
  ["504b0304", "a zip archive or a spreadsheet", "Unpack it first; save a sheet as CSV"],
  ["504b0506", "a zip archive", "Unpack it first"],
  ["28b52ffd", "a file packed with zstd", "Unpack it first, or pack it as .gz"],
  ["425a68", "a file packed with bzip2", "Unpack it first, or pack it as .gz"],
  ["fd377a585a00", "a file packed with xz", "Unpack it first, or pack it as .gz"],
  ["377abcaf271c", "a 7z archive", "Unpack it first"],
  ["526172211a07", "a rar archive", "Unpack it first"],
  ["d0cf11e0a1b11ae1", "a spreadsheet", "Save the sheet as CSV"],
  ["4f524301", "an ORC file", "Write it as Parquet or CSV"],
  ["4f626a01", "an Avro file", "Write it as Parquet or CSV"],
  ["4152524f5731", "an Arrow file", "Write it as Parquet or CSV"],
  ["53514c69746520666f726d6174203300", "an SQLite database", "Export the table as CSV"],
  ["89484446", "an HDF5 file", "Write it as Parquet or CSV"],
  ["80049", "a Python pickle", "Write it as Parquet or CSV"],
];

/** Beginnings of text that holds no rows, and the advice for each. */
const noRows: readonly (readonly [pattern: RegExp, what: string, todo: string])[] = [
  [/^\s*<(!doctype|html|\?xml|table|body)\b/i, "HTML or XML", "Save the table as CSV; a download may have failed"],
  [/^version https:\/\/git-lfs\./, "a pointer of Git LFS in place of the file", "Fetch the file with git lfs pull"],
  [/^%PDF-/, "a PDF file", "Save the table as CSV"],
];

/** Name endings of unsupported formats, and the advice for each. */
const refused: readonly (readonly [pattern: RegExp, todo: string])[] = [
  [/\.(zip|7z|rar|tar|tgz|tar\.gz)$/i, "Unpack it first"],
  [/\.(zst|bz2|xz)$/i, "Unpack it first, or pack it as .gz"],
  [/\.(xlsx?|ods)$/i, "Save the sheet as CSV"],
];

const headBytes = 1 << 20;

/**
 * Examines a file's first bytes: packed or not, Parquet, JSON or text with columns. A packed file is read to its end once, because
 * DuckDB accepts a truncated one.
 *
 * @throws `DATA` for a file that is missing, unreadable, empty, unsupported, damaged, or in another encoding.
 */
export async function openSource(file: string, encoding: string | undefined): Promise<SourceFile> {
  if (!existsSync(file))
    throw dataError({ where: file, found: "no such file", expected: `a file of rows: ${formats}` });
  if (!statSync(file).isFile()) {
    const folder = statSync(file).isDirectory();
    throw dataError({
      where: file,
      found: folder ? "a folder" : "a pipe or a device",
      expected: `a file of rows: ${formats}`,
      ...(folder ? {} : { todo: "Write the rows to a file first: they are read more than once" }),
    });
  }
  for (const [pattern, todo] of refused) {
    if (pattern.test(file)) throw dataError({ where: file, found: "a file that is not read", expected: formats, todo });
  }
  try {
    await access(file, constants.R_OK);
  } catch (cause) {
    throw dataError({ where: file, found: "no permission to read it", expected: "a readable file", cause });
  }
  if (statSync(file).size === 0) {
    throw dataError({ where: file, found: "an empty file", expected: `rows: ${formats}` });
  }
  const first = await firstBytes(file, headBytes);
  const magic = first.subarray(0, 16).toString("hex");
  const other = foreign.find(([mark]) => magic.startsWith(mark));
  if (other) throw dataError({ where: file, found: other[1], expected: formats, todo: other[2] });
  if (magic.startsWith("50415231"))
    return {
      file,
      gzip: false,
      kind: "parquet",
      head: "",
      bom: false,
      bytes: () => rawBytes(file, false),
      lastLineExceeds: async () => false,
    };
  const gzip = magic.startsWith("1f8b");
  if (!gzip && /\.gz$/i.test(file)) {
    throw dataError({
      where: file,
      found: "not a GZIP file, although its name ends in .gz",
      expected: "a file packed with gzip",
    });
  }
  if (/\.parquet$/i.test(file)) {
    throw dataError({
      where: file,
      found: "it cannot be read as Parquet: it does not begin with PAR1",
      expected: "a complete Parquet file",
    });
  }
  const lastLine = new LastLine();
  const bytes = gzip ? await unpacked(file, lastLine) : first;
  const lastExceeds = async (most: number) => (gzip ? lastLine.bytes > most : lastLineExceeds(file, most));
  if (bytes.length === 0) throw dataError({ where: file, found: "an empty file", expected: `rows: ${formats}` });
  if (encoding === undefined || isUtf8(encoding)) {
    refuseOtherEncoding(file, bytes);
    const head = new TextDecoder().decode(bytes);
    const other = noRows.find(([pattern]) => pattern.test(head));
    if (other) throw dataError({ where: file, found: other[1], expected: formats, todo: other[2] });
    const bom = bytes.subarray(0, 3).toString("hex") === "efbbbf";
    return {
      file,
      gzip,
      kind: kindOf(head),
      head,
      bom,
      lastLineExceeds: lastExceeds,
      utf8: () => decodedText(file, textDecoderOf("utf-8"), gzip),
      bytes: () => rawBytes(file, gzip),
    };
  }
  let head: string;
  try {
    head = decoderFor(encoding, bytes).decode(bytes.subarray(0, headBytes & ~3), { stream: true });
  } catch (cause) {
    throw notInEncoding(file, decoderFor(encoding, bytes).encoding, 0, cause);
  }
  return {
    file,
    gzip,
    kind: kindOf(head),
    head,
    bom: false,
    lastLineExceeds: lastExceeds,
    text: () => decodedText(file, decoderFor(encoding, bytes), gzip),
    bytes: () => encoded(decodedText(file, decoderFor(encoding, bytes), gzip)),
  };
}

/** JSON begins with an object or a list of objects. All other text has columns: also that of names in braces, as `{3F2504E0-…}`. */
function kindOf(head: string): "json" | "text" {
  return /^\s*(\{\s*(["'}]|u['"]|$)|\[\s*(\{\s*(["'}]|u['"]|$)|\]))/.test(head) ? "json" : "text";
}

async function firstBytes(file: string, count: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const bytes of createReadStream(file, { end: count - 1 })) pieces.push(bytes as Buffer);
  return Buffer.concat(pieces);
}

/** The beginning of a packed file, which is read to its end: zlib checks its length and checksum. */
async function unpacked(file: string, lastLine: LastLine): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  const packed = createReadStream(file);
  try {
    const stream = packed.pipe(createGunzip());
    packed.once("error", (error) => stream.destroy(error));
    for await (const bytes of stream) {
      if (size < headBytes) pieces.push(bytes as Buffer);
      size += (bytes as Buffer).length;
      lastLine.add(bytes as Buffer);
    }
  } catch (cause) {
    throw dataError({
      where: file,
      found: `a GZIP file that is damaged or truncated (${reasonOf(cause)})`,
      expected: "a complete GZIP file",
      todo: "Copy or write it again",
      cause,
    });
  } finally {
    packed.destroy();
  }
  return Buffer.concat(pieces);
}

/** Files from spreadsheets are often UTF-16, which would be read as one long word. */
function refuseOtherEncoding(file: string, bytes: Buffer): void {
  const mark = bytes.subarray(0, 2).toString("hex");
  const zeros = bytes.subarray(0, 400).filter((byte) => byte === 0).length;
  if (mark !== "fffe" && mark !== "feff" && zeros * 4 < Math.min(400, bytes.length)) return;
  throw dataError({
    where: file,
    found: "text in UTF-16",
    expected: "UTF-8",
    todo: "Add --encoding utf-16, or save it as UTF-8",
  });
}

/** The bytes of a file, unpacked, in pieces. */
async function* rawBytes(file: string, gzip: boolean): AsyncGenerator<Uint8Array> {
  const raw = createReadStream(file);
  try {
    for await (const bytes of gzip ? raw.pipe(createGunzip()) : raw) yield bytes as Buffer;
  } finally {
    raw.destroy();
  }
}

async function* encoded(text: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const piece of text) yield Buffer.from(piece);
}

/** Text of a file in another encoding than UTF-8, in pieces. @throws `DATA` for bytes that are invalid in it. */
async function* decodedText(file: string, decoder: Decoder, gzip: boolean): AsyncGenerator<string> {
  let read = 0;
  try {
    for await (const bytes of rawBytes(file, gzip)) {
      yield decoder.decode(bytes, { stream: true });
      read += bytes.length;
    }
    yield decoder.decode();
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw notInEncoding(file, decoder.encoding, read, cause);
  }
}

function notInEncoding(file: string, encoding: string, read: number, cause: unknown) {
  return dataError({
    where: file,
    found: `text that is not ${encoding}, after ${read} bytes`,
    expected: `text in ${encoding}`,
    todo: "Name its encoding with --encoding: utf-8, latin-1, utf-16, windows-1252 or another",
    cause,
  });
}

/** A decoder for a file that begins with these bytes: UTF-16 can begin with a byte order mark. */
function decoderFor(encoding: string, start: Buffer): Decoder {
  const decoder = textDecoderOf(encoding);
  const bigEndian = decoder.encoding === "utf-16le" && start.subarray(0, 2).toString("hex") === "feff";
  return bigEndian ? textDecoderOf("utf-16be") : decoder;
}
