import type { EpisodeTable, Pairs, PairTable } from "@kshot/contract";

/** Some rows of a pair table as the engines take them; histories are views, not copies. */
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

/** Per episode, how many pairs the person has before the first query pair: K in the first window, more in the last. */
export function historyLengths(table: PairTable, episodes: EpisodeTable): Int32Array {
  const times = new Map<number, number[]>();
  for (let episode = 0; episode < episodes.length; episode++) times.set(episodes.user[episode]!, []);
  for (let row = 0; row < table.length; row++) times.get(table.user[row]!)?.push(table.labelTime[row]!);
  return Int32Array.from({ length: episodes.length }, (_, episode) => {
    const first = table.labelTime[episodes.query[episode * episodes.q]!]!;
    return times.get(episodes.user[episode]!)!.reduce((count, time) => count + (time < first ? 1 : 0), 0);
  });
}
