import { dataError } from "@kshot/contract";
import { type Table, tableFromIPC } from "apache-arrow";
import { readParquet } from "parquet-wasm";

const magic = "PAR1";

/**
 * The rows of a Parquet file as an Arrow table; any codec, page version and row-group size.
 *
 * @throws `DATA` for a file that is not a Parquet file or is incomplete.
 */
export function readParquetTable(bytes: Uint8Array, file: string): Table {
  const ascii = (from: number) => String.fromCharCode(...bytes.subarray(from, from + 4));
  if (bytes.length < 4 || ascii(0) !== magic) {
    throw dataError({
      where: file,
      found: `not a Parquet file: it ${bytes.length === 0 ? "is empty" : `does not begin with ${magic}`}`,
      expected: "a Parquet file, as pandas or kshot prepare writes it",
    });
  }
  if (bytes.length < 12 || ascii(bytes.length - 4) !== magic) {
    throw dataError({
      where: file,
      found: `not a complete Parquet file: it ends after ${bytes.length} bytes without its footer`,
      expected: `${magic} at its end`,
      todo: "Copy or write it again",
    });
  }
  try {
    return tableFromIPC(readParquet(bytes).intoIPCStream());
  } catch (cause) {
    // The reader stops with a trap of WebAssembly at some damaged bytes.
    const trap = cause instanceof Error && cause.name === "RuntimeError";
    const reason = trap ? "damaged bytes" : cause instanceof Error ? cause.message : String(cause);
    throw dataError({
      where: file,
      found: `not a complete Parquet file: ${reason}`,
      todo: "Copy or write it again",
      cause,
    });
  }
}
