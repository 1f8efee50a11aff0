import type { EpisodeTable, Pairs, PairTable } from "@kshot/contract";
import { isBefore } from "./windows.js";

/** Some rows of a pair table in the engines' form; histories are views, not copies. */
export function pairsAt(table: PairTable, rows: ArrayLike<number>): Pairs {
  const sequences: Int32Array[] = [];
  const labels = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    sequences.push(table.prefixItems.subarray(table.prefixOffsets[row]!, table.prefixOffsets[row + 1]!));
    labels[i] = table.label[row]!;
  }
  return { sequences, labels };
}

/** The K support pairs of an episode. */
export function episodeSupport(table: PairTable, episodes: EpisodeTable, episode: number): Pairs {
  return pairsAt(table, episodes.support.subarray(episode * episodes.k, (episode + 1) * episodes.k));
}

/** The Q query pairs of an episode. */
export function episodeQuery(table: PairTable, episodes: EpisodeTable, episode: number): Pairs {
  return pairsAt(table, episodes.query.subarray(episode * episodes.q, (episode + 1) * episodes.q));
}

/** Per episode, the person's number of pairs before the first query pair: K in the first window, more in the last. */
export function historyLengths(table: PairTable, episodes: EpisodeTable): Int32Array {
  const rows = new Map<number, number[]>();
  for (let episode = 0; episode < episodes.length; episode++) rows.set(episodes.user[episode]!, []);
  for (let row = 0; row < table.length; row++) rows.get(table.user[row]!)?.push(row);
  return Int32Array.from({ length: episodes.length }, (_, episode) => {
    const first = episodes.query[episode * episodes.q]!;
    const own = rows.get(episodes.user[episode]!) ?? [];
    return own.reduce((count, row) => count + (isBefore(table, row, first) ? 1 : 0), 0);
  });
}
