import type { EpisodeTable, PairTable, Window } from "@kshot/contract";

/** Rows of each person of a pair table, in label-time order (file order breaks ties), people in order of appearance. */
export function rowsByPerson(pairs: PairTable): Int32Array[] {
  const counts = new Int32Array(pairs.users.length);
  for (let row = 0; row < pairs.length; row++) counts[pairs.user[row]!]++;
  const rows = Array.from(counts, (count) => new Int32Array(count));
  const filled = new Int32Array(pairs.users.length);
  for (let row = 0; row < pairs.length; row++) {
    const user = pairs.user[row]!;
    rows[user]![filled[user]++] = row;
  }
  for (const own of rows) own.sort((a, b) => pairs.labelTime[a]! - pairs.labelTime[b]! || a - b);
  return rows;
}

/** Every window of K + Q consecutive pairs of each person: the train episodes. */
export function slidingEpisodes(pairs: PairTable, k: number, q: number): EpisodeTable {
  return episodesAt(pairs, k, q, (count) => Array.from({ length: count - k - q + 1 }, (_, start) => start));
}

/** The first or the last K + Q pairs of each person who has so many: validation and test episodes. */
export function windowEpisodes(pairs: PairTable, k: number, q: number, window: Window): EpisodeTable {
  return episodesAt(pairs, k, q, (count) => [window === "first" ? 0 : count - k - q]);
}

/** Episodes at chosen starts of each person's pairs; one whose support is not wholly before its query is left out. */
function episodesAt(pairs: PairTable, k: number, q: number, starts: (count: number) => number[]): EpisodeTable {
  const user: number[] = [];
  const support: number[] = [];
  const query: number[] = [];
  const supportMaxTime: number[] = [];
  const queryMinTime: number[] = [];
  rowsByPerson(pairs).forEach((rows, person) => {
    if (rows.length < k + q) return;
    for (const start of starts(rows.length)) {
      const last = pairs.labelTime[rows[start + k - 1]!]!;
      const next = pairs.labelTime[rows[start + k]!]!;
      if (last >= next) continue;
      user.push(person);
      for (let i = 0; i < k; i++) support.push(rows[start + i]!);
      for (let i = k; i < k + q; i++) query.push(rows[start + i]!);
      supportMaxTime.push(last);
      queryMinTime.push(next);
    }
  });
  return {
    length: user.length,
    k,
    q,
    episodeId: Int32Array.from(user, (_, episode) => episode),
    user: Int32Array.from(user),
    support: Int32Array.from(support),
    query: Int32Array.from(query),
    supportMaxTime: Float64Array.from(supportMaxTime),
    queryMinTime: Float64Array.from(queryMinTime),
  };
}
