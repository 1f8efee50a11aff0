import { dataError, type EpisodeTable, type PairTable } from "@kshot/contract";
import { byLabelTime, isBefore } from "../../core/windows.js";
import { epochSeconds, int32, integerColumn, listColumn, place, textColumn } from "../parquet/columns.js";
import { readParquetTable } from "../parquet/read-parquet.js";

/**
 * Reads an episodes file; pair ids become row numbers of `pairs`.
 *
 * @throws `DATA`, which names file, column and row, for a pair id that is not in the pairs file, a pair of another person,
 * a pair twice, a window whose size is not K or Q, support that is not entirely before the query, times that differ from those of the pairs
 * (pairs and episodes were not written together).
 */
export function readEpisodeTable(
  bytes: Uint8Array,
  file: string,
  pairs: PairTable,
  { k, q, pairsFile }: { k: number; q: number; pairsFile: string },
): EpisodeTable {
  const table = readParquetTable(bytes, file);
  const episodeId = Int32Array.from(integerColumn(table, file, "episode_id", int32));
  const { names, index } = textColumn(table, file, "user_id");
  const userNumber = new Map(pairs.users.map((name, number) => [name, number]));
  const length = episodeId.length;
  const user = Int32Array.from(index, (name, row) => {
    const number = userNumber.get(names[name]!);
    if (number === undefined) {
      throw dataError({
        where: place(file, "user_id", row),
        found: `"${names[name]}"`,
        expected: `a person of ${pairsFile}`,
      });
    }
    return number;
  });
  for (const [column, size] of [
    ["K", k],
    ["Q", q],
  ] as const) {
    if (!table.getChild(column)) continue;
    integerColumn(table, file, column, int32).forEach((value, row) => {
      if (value !== size) throw dataError({ where: place(file, column, row), found: `${value}`, expected: `${size}` });
    });
  }
  const rowOfPair = new Map<number, number>();
  for (let row = 0; row < pairs.length; row++) rowOfPair.set(pairs.pairId[row]!, row);
  const window = (column: string, size: number): Int32Array => {
    const { offsets, values } = listColumn(table, file, column, int32);
    const rows = new Int32Array(length * size);
    for (let episode = 0; episode < length; episode++) {
      const count = offsets[episode + 1]! - offsets[episode]!;
      if (count !== size) {
        throw dataError({ where: place(file, column, episode), found: `${count} pair ids`, expected: `${size}` });
      }
      for (let i = 0; i < size; i++) {
        const id = values[offsets[episode]! + i]!;
        const row = rowOfPair.get(id);
        if (row === undefined) {
          throw dataError({
            where: place(file, column, episode),
            found: `pair id ${id}, which no row of ${pairsFile} has`,
            expected: "ids of existing pairs",
          });
        }
        if (pairs.user[row] !== user[episode]) {
          throw dataError({
            where: place(file, column, episode),
            found: `pair id ${id} of "${pairs.users[pairs.user[row]!]}"`,
            expected: `pairs of "${pairs.users[user[episode]!]}", whose episode it is`,
          });
        }
        rows[episode * size + i] = row;
      }
      // Label-time order inside a window, because files may list ids in any order.
      const own = rows.subarray(episode * size, (episode + 1) * size);
      own.sort((a, b) => byLabelTime(pairs, a, b));
      const twice = own.findIndex((row, i) => i > 0 && row === own[i - 1]);
      if (twice > 0) {
        throw dataError({
          where: place(file, column, episode),
          found: `pair id ${pairs.pairId[own[twice]!]} twice`,
          expected: "each pair once",
        });
      }
    }
    return rows;
  };
  const support = window("support_pair_ids", k);
  const query = window("query_pair_ids", q);
  const supportMaxTime = Float64Array.from({ length }, (_, e) => pairs.labelTime[support[e * k + k - 1]!]!);
  const queryMinTime = Float64Array.from({ length }, (_, e) => pairs.labelTime[query[e * q]!]!);
  for (let episode = 0; episode < length; episode++) {
    if (!isBefore(pairs, support[episode * k + k - 1]!, query[episode * q]!)) {
      throw dataError({
        where: place(file, "support_pair_ids", episode),
        found: `support up to ${supportMaxTime[episode]}, query from ${queryMinTime[episode]}`,
        expected: "every support pair before every query pair",
      });
    }
  }
  for (const [column, times] of [
    ["support_max_ts", supportMaxTime],
    ["query_min_ts", queryMinTime],
  ] as const) {
    integerColumn(table, file, column, epochSeconds).forEach((time, row) => {
      if (time === Math.floor(times[row]!)) return;
      throw dataError({
        where: place(file, column, row),
        found: `${time}`,
        expected: `${Math.floor(times[row]!)}, the label time in ${pairsFile}`,
        todo: "Use pairs and episodes that were written together",
      });
    });
  }
  return { length, k, q, episodeId, user, support, query, supportMaxTime, queryMinTime };
}
