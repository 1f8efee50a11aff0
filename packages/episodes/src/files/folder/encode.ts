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
import {
  Compression,
  transformParquetStream,
  type RecordBatch as WasmBatch,
  Table as WasmTable,
  WriterPropertiesBuilder,
  writeParquet,
} from "parquet-wasm";

type Column = readonly [name: string, data: Data];

/** Rows per encoded piece. It bounds the memory for tables of any size. */
const rowsAtOnce = 1 << 18;

/** Columns of the rows `from` … `to`. */
interface Rows {
  readonly length: number;
  columns(from: number, to: number): readonly Column[];
}

/** A pairs file (docs/data.md): Parquet, zstd, int64 and strings as pandas writes and reads them. */
export function encodePairTable(pairs: PairTable): Uint8Array {
  return whole(pairRows(pairs));
}

/** An episodes file: row numbers become the pair ids of `pairs` again. */
export function encodeEpisodeTable(episodes: EpisodeTable, pairs: PairTable): Uint8Array {
  return whole(episodeRows(episodes, pairs));
}

/** A pairs file in pieces, encoded one by one, so that a large table is not in memory twice. */
export function pairTablePieces(pairs: PairTable): AsyncIterable<Uint8Array> {
  return pieces(pairRows(pairs));
}

/** An episodes file in pieces. */
export function episodeTablePieces(episodes: EpisodeTable, pairs: PairTable): AsyncIterable<Uint8Array> {
  return pieces(episodeRows(episodes, pairs));
}

/** Two optional columns: `label_ts_us` for times with a fraction, `label_order` for kept ties. */
function pairRows(pairs: PairTable): Rows {
  const fractions = pairs.labelTime.some((time) => !Number.isInteger(time));
  const columns = (from: number, to: number): Column[] => {
    const offsets = pairs.prefixOffsets.subarray(from, to + 1);
    const [first, last] = [offsets[0]!, offsets[to - from]!];
    return [
      ["pair_id", int64(pairs.pairId.subarray(from, to))],
      ["user_id", text(pairs.users, pairs.user.subarray(from, to))],
      ["session_id", text(pairs.sessions, pairs.session.subarray(from, to))],
      [
        "prefix",
        lists(
          offsets.map((offset) => offset - first),
          pairs.prefixItems.subarray(first, last),
        ),
      ],
      ["label", int64(pairs.label.subarray(from, to))],
      ["label_ts_epoch", int64(pairs.labelTime.subarray(from, to))],
      ["prefix_len", int64(Int32Array.from({ length: to - from }, (_, row) => offsets[row + 1]! - offsets[row]!))],
      ...(fractions
        ? [["label_ts_us", int64(pairs.labelTime.subarray(from, to).map((time) => Math.round(time * 1e6)))] as const]
        : []),
      ...(pairs.labelOrder ? [["label_order", int64(pairs.labelOrder.subarray(from, to))] as const] : []),
    ];
  };
  return { length: pairs.length, columns };
}

function episodeRows(episodes: EpisodeTable, pairs: PairTable): Rows {
  const { length, k, q } = episodes;
  const columns = (from: number, to: number): Column[] => {
    const rows = to - from;
    const ids = (all: Int32Array, size: number) =>
      all.subarray(from * size, to * size).map((row) => pairs.pairId[row]!);
    const every = (size: number) => Int32Array.from({ length: rows + 1 }, (_, episode) => episode * size);
    return [
      ["episode_id", int64(episodes.episodeId.subarray(from, to))],
      ["user_id", text(pairs.users, episodes.user.subarray(from, to))],
      ["K", int64(new Int32Array(rows).fill(k))],
      ["Q", int64(new Int32Array(rows).fill(q))],
      ["support_pair_ids", lists(every(k), ids(episodes.support, k))],
      ["query_pair_ids", lists(every(q), ids(episodes.query, q))],
      ["support_max_ts", int64(episodes.supportMaxTime.subarray(from, to))],
      ["query_min_ts", int64(episodes.queryMinTime.subarray(from, to))],
    ];
  };
  return { length, columns };
}

function whole({ length, columns }: Rows): Uint8Array {
  return writeParquet(WasmTable.fromIPCStream(ipcStream(length, columns(0, length))), properties());
}

/** An empty table has one batch without rows, so that the file has its columns. */
async function* pieces({ length: rows, columns }: Rows): AsyncGenerator<Uint8Array> {
  let from = 0;
  const batches = new ReadableStream<WasmBatch>({
    pull(controller) {
      const to = Math.min(rows, from + rowsAtOnce);
      const table = WasmTable.fromIPCStream(ipcStream(to - from, columns(from, to)));
      controller.enqueue(table.recordBatches()[0]!);
      table.free();
      from = to;
      if (from === rows) controller.close();
    },
  });
  yield* (await transformParquetStream(batches, properties())) as unknown as AsyncIterable<Uint8Array>;
}

function properties() {
  return new WriterPropertiesBuilder().setCompression(Compression.ZSTD).setCreatedBy("kshot").build();
}

function ipcStream(rows: number, columns: readonly Column[]): Uint8Array {
  const schema = new Schema(columns.map(([name, data]) => new Field(name, data.type, true)));
  const struct = makeData({
    type: new Struct(schema.fields),
    length: rows,
    nullCount: 0,
    children: columns.map(([, data]) => data),
  });
  return tableToIPC(new Table(schema, [new RecordBatch(schema, struct)]), "stream");
}

/** Whole numbers; times are cut to whole seconds. */
function int64(values: Int32Array | Float64Array): Data {
  const wide = new BigInt64Array(values.length);
  for (let i = 0; i < values.length; i++) wide[i] = BigInt(Math.floor(values[i]!));
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

/** Text by index into its distinct values. Rows of one person or session are adjacent, so a value is encoded only when it changes. */
function text(names: readonly string[], index: Int32Array): Data {
  const offsets = new Int32Array(index.length + 1);
  for (let row = 0; row < index.length; row++) {
    const same = row > 0 && index[row] === index[row - 1];
    const size = same ? offsets[row]! - offsets[row - 1]! : Buffer.byteLength(names[index[row]!]!);
    offsets[row + 1] = offsets[row]! + size;
  }
  const bytes = Buffer.alloc(offsets[index.length]!);
  for (let row = 0; row < index.length; row++) {
    const [at, before] = [offsets[row]!, offsets[row - 1] ?? 0];
    if (row > 0 && index[row] === index[row - 1]) bytes.copyWithin(at, before, at);
    else bytes.write(names[index[row]!]!, at);
  }
  return makeData({ type: new Utf8(), length: index.length, nullCount: 0, valueOffsets: offsets, data: bytes });
}
