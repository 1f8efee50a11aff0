import { type Data, type DataType, Float64, Int64, makeData, Utf8, vectorFromArray } from "apache-arrow";
import type { RecordBatch as WasmBatch } from "parquet-wasm";
import { encoderBatch, parquetPieces } from "./write-parquet.js";

/** Types of a column, as pandas reads them. */
export type ColumnType = "int64" | "float64" | "string";

const types: Readonly<Record<ColumnType, () => DataType>> = {
  int64: () => new Int64(),
  float64: () => new Float64(),
  string: () => new Utf8(),
};

/** Rows of a row group. A group is in memory until it is complete: about 20 MB of a list's rows. */
const rowsOfGroup = 131_072;

/**
 * A Parquet file (zstd) in pieces, encoded batch by batch, so that the table is never completely in memory.
 *
 * @param columns names and types, in the order of the file
 * @param batches values by column, in the order of `columns`, `[columns][rows]`; null: no value
 */
export async function* tablePieces(
  columns: readonly (readonly [name: string, type: ColumnType])[],
  batches: AsyncIterable<readonly (readonly (string | number | null)[])[]>,
): AsyncGenerator<Uint8Array> {
  const iterator = batches[Symbol.asyncIterator]();
  let begun = false;
  let failure: unknown;
  const stream = new ReadableStream<WasmBatch>({
    async pull(controller) {
      try {
        const { value, done } = await iterator.next();
        // A file without rows has one batch without rows, so that it has its columns.
        if (!done || !begun) controller.enqueue(encoded(columns, done ? [] : value));
        begun = true;
        if (done) controller.close();
      } catch (error) {
        failure = error;
        controller.error(error);
      }
    },
  });
  try {
    yield* parquetPieces(stream, rowsOfGroup);
  } catch (error) {
    // The encoder wraps the error of its input.
    throw failure ?? error;
  }
  if (failure !== undefined) throw failure;
}

function encoded(
  columns: readonly (readonly [string, ColumnType])[],
  values: readonly (readonly (string | number | null)[])[],
): WasmBatch {
  const data = columns.map(([name, type], i) => [name, columnOf(type, values[i] ?? [])] as const);
  return encoderBatch(values[0]?.length ?? 0, data);
}

function columnOf(type: ColumnType, values: readonly (string | number | null)[]): Data {
  const wide = type === "int64" ? values.map((value) => (value === null ? null : BigInt(value))) : values;
  return vectorFromArray(wide as (string | null)[], types[type]()).data[0] ?? makeData({ type: types[type]() });
}
