import type { EpisodeTable, PairTable } from "@kshot/contract";
import {
  type Data,
  Field,
  Int64,
  List,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableToIPC,
  Utf8,
} from "apache-arrow";
import { Compression, Table as WasmTable, WriterPropertiesBuilder, writeParquet } from "parquet-wasm";

type Column = readonly [name: string, data: Data];

/** A pairs file (contract.md): Parquet, zstd, int64 and strings as pandas writes and reads them. */
export function encodePairTable(pairs: PairTable): Uint8Array {
  const lengths = Int32Array.from(pairs.label, (_, row) => pairs.prefixOffsets[row + 1]! - pairs.prefixOffsets[row]!);
  return encode(pairs.length, [
    ["pair_id", int64(pairs.pairId)],
    ["user_id", text(pairs.users, pairs.user)],
    ["session_id", text(pairs.sessions, pairs.session)],
    ["prefix", lists(pairs.prefixOffsets, pairs.prefixItems)],
    ["label", int64(pairs.label)],
    ["label_ts_epoch", int64(pairs.labelTime)],
    ["prefix_len", int64(lengths)],
  ]);
}

/** An episodes file: row numbers become the pair ids of `pairs` again. */
export function encodeEpisodeTable(episodes: EpisodeTable, pairs: PairTable): Uint8Array {
  const { length, k, q } = episodes;
  const ids = (rows: Int32Array) => rows.map((row) => pairs.pairId[row]!);
  const every = (size: number) => Int32Array.from({ length: length + 1 }, (_, episode) => episode * size);
  return encode(length, [
    ["episode_id", int64(episodes.episodeId)],
    ["user_id", text(pairs.users, episodes.user)],
    ["K", int64(new Int32Array(length).fill(k))],
    ["Q", int64(new Int32Array(length).fill(q))],
    ["support_pair_ids", lists(every(k), ids(episodes.support))],
    ["query_pair_ids", lists(every(q), ids(episodes.query))],
    ["support_max_ts", int64(episodes.supportMaxTime)],
    ["query_min_ts", int64(episodes.queryMinTime)],
  ]);
}

function encode(rows: number, columns: readonly Column[]): Uint8Array {
  const schema = new Schema(columns.map(([name, data]) => new Field(name, data.type, true)));
  const struct = makeData({
    type: new Struct(schema.fields),
    length: rows,
    nullCount: 0,
    children: columns.map(([, data]) => data),
  });
  const table = new Table(schema, [new RecordBatch(schema, struct)]);
  const properties = new WriterPropertiesBuilder().setCompression(Compression.ZSTD).setCreatedBy("kshot").build();
  return writeParquet(WasmTable.fromIPCStream(tableToIPC(table, "stream")), properties);
}

function int64(values: Int32Array | Float64Array): Data {
  const wide = new BigInt64Array(values.length);
  for (let i = 0; i < values.length; i++) wide[i] = BigInt(values[i]!);
  return makeData({ type: new Int64(), length: wide.length, nullCount: 0, data: wide });
}

function lists(offsets: Int32Array, values: Int32Array): Data {
  const child = int64(values);
  return makeData({
    type: new List(new Field("element", child.type, true)),
    length: offsets.length - 1,
    nullCount: 0,
    valueOffsets: offsets,
    child,
  });
}

/** Text by index into its distinct values: each is encoded once, its bytes copied. */
function text(names: readonly string[], index: Int32Array): Data {
  const encoder = new TextEncoder();
  const encoded = names.map((name) => encoder.encode(name));
  const offsets = new Int32Array(index.length + 1);
  for (let row = 0; row < index.length; row++) offsets[row + 1] = offsets[row]! + encoded[index[row]!]!.length;
  const bytes = new Uint8Array(offsets[index.length]!);
  for (let row = 0; row < index.length; row++) bytes.set(encoded[index[row]!]!, offsets[row]!);
  return makeData({ type: new Utf8(), length: index.length, nullCount: 0, valueOffsets: offsets, data: bytes });
}
