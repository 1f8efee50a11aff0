import type { EpisodeTable, PairTable } from "@kshot/contract";
import { type Data, Field, Int64, List, makeData, Utf8 } from "apache-arrow";
import { type RecordBatch as WasmBatch, writeParquet } from "parquet-wasm";
import { type Column, encoderBatch, encoderTable, parquetPieces, writerProperties } from "../parquet/write-parquet.js";

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
  return writeParquet(encoderTable(length, columns(0, length)), writerProperties());
}

/** An empty table has one batch without rows, so that the file has its columns. */
function pieces({ length: rows, columns }: Rows): AsyncGenerator<Uint8Array> {
  let from = 0;
  return parquetPieces(
    new ReadableStream<WasmBatch>({
      pull(controller) {
        const to = Math.min(rows, from + rowsAtOnce);
        controller.enqueue(encoderBatch(to - from, columns(from, to)));
        from = to;
        if (from === rows) controller.close();
      },
    }),
  );
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
