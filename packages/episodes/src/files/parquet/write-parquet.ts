import { type Data, Field, makeData, RecordBatch, Schema, Struct, Table, tableToIPC } from "apache-arrow";
import {
  Compression,
  transformParquetStream,
  type RecordBatch as WasmBatch,
  Table as WasmTable,
  type WriterProperties,
  WriterPropertiesBuilder,
} from "parquet-wasm";

/** A column: its name and its values. */
export type Column = readonly [name: string, data: Data];

/**
 * Settings of every Parquet file that kshot writes: zstd, `created_by` kshot.
 *
 * @param rowsOfGroup most rows of a row group, which the encoder holds in memory; the encoder's default is 1,048,576
 */
export function writerProperties(rowsOfGroup?: number): WriterProperties {
  const properties = new WriterPropertiesBuilder().setCompression(Compression.ZSTD).setCreatedBy("kshot");
  return (rowsOfGroup === undefined ? properties : properties.setMaxRowGroupSize(rowsOfGroup)).build();
}

/**
 * Columns as a table of the Parquet encoder; the caller frees it.
 *
 * @param rows number of rows, the length of each column
 * @param columns in the order of the file
 */
export function encoderTable(rows: number, columns: readonly Column[]): WasmTable {
  const schema = new Schema(columns.map(([name, data]) => new Field(name, data.type, true)));
  const children = columns.map(([, data]) => data);
  const struct = makeData({ type: new Struct(schema.fields), length: rows, nullCount: 0, children });
  return WasmTable.fromIPCStream(tableToIPC(new Table(schema, [new RecordBatch(schema, struct)]), "stream"));
}

/** The first batch of columns, for a stream. */
export function encoderBatch(rows: number, columns: readonly Column[]): WasmBatch {
  const table = encoderTable(rows, columns);
  const [batch] = table.recordBatches();
  table.free();
  return batch as WasmBatch;
}

/** A Parquet file in pieces, encoded batch by batch. @param rowsOfGroup - as in `writerProperties` */
export async function* parquetPieces(
  batches: ReadableStream<WasmBatch>,
  rowsOfGroup?: number,
): AsyncGenerator<Uint8Array> {
  yield* (await transformParquetStream(batches, writerProperties(rowsOfGroup))) as unknown as AsyncIterable<Uint8Array>;
}
