import type { EpisodeTable, PairTable, Window } from "@kshot/contract";

/** Rows of each person of a pair table, in label-time order (file order breaks ties), people in order of appearance. */
export function rowsByPerson(pairs: PairTable): Int32Array[] {
  const counts = new Int32Array(pairs.users.length);
  for (let row = 0; row < pairs.length; row++) counts[pairs.user[row]!]!++;
  const rows = Array.from(counts, (count) => new Int32Array(count));
  const filled = new Int32Array(pairs.users.length);
  for (let row = 0; row < pairs.length; row++) {
    const user = pairs.user[row]!;
    rows[user]![filled[user]!++] = row;
  }
  for (const own of rows) own.sort((a, b) => byLabelTime(pairs, a, b));
  return rows;
}

/** Comparison of two rows in label-time order: by time, then by the labels' order if it is known, then by row. */
export function byLabelTime({ labelTime, labelOrder }: PairTable, a: number, b: number): number {
  return labelTime[a]! - labelTime[b]! || (labelOrder ? labelOrder[a]! - labelOrder[b]! : 0) || a - b;
}

/** Whether the label of row `a` is known to come before that of row `b` of the same person. */
export function isBefore({ labelTime, labelOrder }: PairTable, a: number, b: number): boolean {
  if (labelTime[a]! !== labelTime[b]!) return labelTime[a]! < labelTime[b]!;
  return labelOrder !== undefined && labelOrder[a]! < labelOrder[b]!;
}

/** Every window of K + Q consecutive pairs of each person, `count − K − Q + 1` of them: the train episodes. */
export function slidingEpisodes(pairs: PairTable, k: number, q: number): EpisodeTable {
  return episodesAt(pairs, k, q, (last) => [0, last]);
}

/** The first or the last K + Q pairs of each person with at least K + Q pairs: validation and test episodes. */
export function windowEpisodes(pairs: PairTable, k: number, q: number, window: Window): EpisodeTable {
  return episodesAt(pairs, k, q, (last) => (window === "first" ? [0, 0] : [last, last]));
}

/**
 * Episodes at chosen starts of each person's pairs, from the first to the last of `starts(last possible start)`. An episode whose support is
 * not entirely before its query is left out.
 */
function episodesAt(
  pairs: PairTable,
  k: number,
  q: number,
  starts: (last: number) => readonly [from: number, to: number],
): EpisodeTable {
  const people = rowsByPerson(pairs);
  const visit = (found: (person: number, rows: Int32Array, start: number) => void) => {
    people.forEach((rows, person) => {
      if (rows.length < k + q) return;
      const [from, to] = starts(rows.length - k - q);
      for (let start = from; start <= to; start++) {
        if (isBefore(pairs, rows[start + k - 1]!, rows[start + k]!)) found(person, rows, start);
      }
    });
  };
  let length = 0;
  visit(() => length++);
  const user = new Int32Array(length);
  const support = new Int32Array(length * k);
  const query = new Int32Array(length * q);
  const supportMaxTime = new Float64Array(length);
  const queryMinTime = new Float64Array(length);
  let episode = 0;
  visit((person, rows, start) => {
    user[episode] = person;
    support.set(rows.subarray(start, start + k), episode * k);
    query.set(rows.subarray(start + k, start + k + q), episode * q);
    supportMaxTime[episode] = pairs.labelTime[rows[start + k - 1]!]!;
    queryMinTime[episode] = pairs.labelTime[rows[start + k]!]!;
    episode++;
  });
  const episodeId = Int32Array.from({ length }, (_, id) => id);
  return { length, k, q, episodeId, user, support, query, supportMaxTime, queryMinTime };
}
