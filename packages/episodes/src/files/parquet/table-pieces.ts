import {
  type DataType,
  Field,
  Float64,
  Int64,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from "apache-arrow";
import {
  Compression,
  transformParquetStream,
  type RecordBatch as WasmBatch,
  Table as WasmTable,
  WriterPropertiesBuilder,
} from "parquet-wasm";

/** Types of a column, as pandas reads them. */
export type ColumnType = "int64" | "float64" | "string";

const types: Readonly<Record<ColumnType, () => DataType>> = {
  int64: () => new Int64(),
  float64: () => new Float64(),
  string: () => new Utf8(),
};

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
  const schema = new Schema(columns.map(([name, type]) => new Field(name, types[type](), true)));
  const iterator = batches[Symbol.asyncIterator]();
  let begun = false;
  let failure: unknown;
  const stream = new ReadableStream<WasmBatch>({
    async pull(controller) {
      try {
        const { value, done } = await iterator.next();
        if (!done) controller.enqueue(encoded(schema, columns, value));
        // A file without rows has one batch without rows, so that it has its columns.
        else if (!begun)
          controller.enqueue(
            encoded(
              schema,
              columns,
              columns.map(() => []),
            ),
          );
        begun = true;
        if (done) controller.close();
      } catch (error) {
        failure = error;
        controller.error(error);
      }
    },
  });
  const properties = new WriterPropertiesBuilder().setCompression(Compression.ZSTD).setCreatedBy("kshot").build();
  try {
    yield* (await transformParquetStream(stream, properties)) as unknown as AsyncIterable<Uint8Array>;
  } catch (error) {
    // The encoder wraps the error of its input.
    throw failure ?? error;
  }
  if (failure !== undefined) throw failure;
}

function encoded(
  schema: Schema,
  columns: readonly (readonly [string, ColumnType])[],
  values: readonly (readonly (string | number | null)[])[],
): WasmBatch {
  const length = values[0]?.length ?? 0;
  const children = columns.map(([, type], i) => {
    const own = values[i] ?? [];
    const wide = type === "int64" ? own.map((value) => (value === null ? null : BigInt(value))) : own;
    return vectorFromArray(wide as (string | null)[], types[type]()).data[0] ?? makeData({ type: types[type]() });
  });
  const struct = makeData({ type: new Struct(schema.fields), length, nullCount: 0, children });
  const table = WasmTable.fromIPCStream(tableToIPC(new Table(schema, [new RecordBatch(schema, struct)]), "stream"));
  const [batch] = table.recordBatches();
  table.free();
  return batch as WasmBatch;
}
