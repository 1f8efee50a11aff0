import { dataError, type PairTable } from "@kshot/contract";
import {
  epochMicroseconds,
  epochSeconds,
  type IntegerRange,
  int32,
  integerColumn,
  listColumn,
  place,
  textColumn,
} from "../parquet/columns.js";
import { readParquetTable } from "../parquet/read-parquet.js";

/**
 * Reads a pairs file (docs/data.md) into columns and checks it: whole numbers in range, no nulls, no empty prefix, each
 * `pair_id` once, items inside the vocabulary when `nItems` is given.
 *
 * `session_id` and `prefix_len` are optional; `prefix_len`, if present, is checked against the prefix.
 *
 * @throws `DATA`, which names file, column and zero-based row.
 */
export function readPairTable(bytes: Uint8Array, file: string, nItems?: number): PairTable {
  const table = readParquetTable(bytes, file);
  const item: IntegerRange =
    nItems === undefined
      ? int32
      : { low: 0, high: nItems - 1, expected: `an item of the vocabulary, 0 to ${nItems - 1}` };
  const pairId = Int32Array.from(integerColumn(table, file, "pair_id", int32));
  const { names: users, index: user } = textColumn(table, file, "user_id");
  const { offsets: prefixOffsets, values: prefixItems } = listColumn(table, file, "prefix", item);
  const label = Int32Array.from(integerColumn(table, file, "label", item));
  const labelTime = integerColumn(table, file, "label_ts_epoch", epochSeconds);
  if (table.getChild("label_ts_us")) {
    const exact = integerColumn(table, file, "label_ts_us", epochMicroseconds);
    for (let row = 0; row < exact.length; row++) {
      if (Math.floor(exact[row]! / 1e6) !== labelTime[row]) {
        throw dataError({
          where: place(file, "label_ts_us", row),
          found: `${exact[row]}`,
          expected: `microseconds of the second ${labelTime[row]} in label_ts_epoch`,
        });
      }
      labelTime[row] = exact[row]! / 1e6;
    }
  }
  const labelOrder = table.getChild("label_order")
    ? Int32Array.from(integerColumn(table, file, "label_order", int32))
    : undefined;
  const { names: sessions, index: session } = table.getChild("session_id")
    ? textColumn(table, file, "session_id")
    : { names: users, index: user };

  const first = new Map<number, number>();
  for (let row = 0; row < pairId.length; row++) {
    const other = first.get(pairId[row]!);
    if (other !== undefined) {
      throw dataError({
        where: place(file, "pair_id", row),
        found: `${pairId[row]} already at row ${other}`,
        expected: "each pair id once",
      });
    }
    first.set(pairId[row]!, row);
    if (prefixOffsets[row + 1] === prefixOffsets[row]) {
      throw dataError({
        where: place(file, "prefix", row),
        found: "empty",
        expected: "at least one item before the label",
      });
    }
  }
  if (table.getChild("prefix_len")) {
    const lengths = integerColumn(table, file, "prefix_len", int32);
    for (let row = 0; row < lengths.length; row++) {
      const length = prefixOffsets[row + 1]! - prefixOffsets[row]!;
      if (lengths[row] !== length) {
        throw dataError({
          where: place(file, "prefix_len", row),
          found: `${lengths[row]}`,
          expected: `${length}, the length of its prefix`,
        });
      }
    }
  }
  return {
    length: pairId.length,
    pairId,
    users,
    user,
    sessions,
    session,
    prefixOffsets,
    prefixItems,
    label,
    labelTime,
    ...(labelOrder ? { labelOrder } : {}),
  };
}
