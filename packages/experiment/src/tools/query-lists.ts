import type { DataSet, SplitName, Window } from "@kshot/contract";
import { episodeQuery, episodeSupport } from "@kshot/episodes";
import { logSumExp, rankedItems } from "@kshot/recommend";
import type { PersonScorer } from "../evaluation/index.js";
import type { ListBatch, ListColumns } from "./list-file.js";

/** Which queries get lists. */
export interface QueryListsPlan {
  readonly data: DataSet;
  readonly split: Exclude<SplitName, "train">;
  readonly windows: readonly Window[];
  /** Number of inner steps on all support pairs. */
  readonly steps: number;
  /** Length of each list. */
  readonly top: number;
}

/** Columns of a file of query lists. */
export const queryListColumns: ListColumns = [
  ["user_id", "string"],
  ["window", "string"],
  ["query", "int64"],
  ["label", "string"],
  ["rank", "int64"],
  ["item_id", "string"],
  ["title", "string"],
  ["score", "float64"],
  ["probability", "float64"],
];

/**
 * The highest items of every query of the evaluated people, with scores and softmax probabilities over all items. People are in
 * the order of their episodes; queries count from 0 in time order; among equal scores the lower item number comes first.
 *
 * @returns one batch of rows for each group of people
 */
export async function* queryLists(
  scorer: PersonScorer,
  { data, split, windows, steps, top }: QueryListsPlan,
): AsyncGenerator<ListBatch> {
  const { pairs, windows: episodesOf } = data[split];
  for (const window of windows) {
    const episodes = episodesOf[window];
    const atOnce = Math.max(1, Math.min(scorer.peopleAtOnce, Math.floor(2 ** 18 / (episodes.q * scorer.nItems))));
    for (let first = 0; first < episodes.length; first += atOnce) {
      const numbers = Array.from({ length: Math.min(atOnce, episodes.length - first) }, (_, i) => first + i);
      const people = numbers.map((episode) => ({
        support: episodeSupport(pairs, episodes, episode),
        query: episodeQuery(pairs, episodes, episode),
      }));
      const [scores = []] = await scorer.scores(people, [steps]);
      const rows: (string | number | null)[][] = [];
      for (const [p, { query }] of people.entries()) {
        const user = pairs.users[episodes.user[first + p] as number] as string;
        const { values, columns = 0 } = scores[p] ?? { values: new Float32Array() };
        for (const [number, label] of Array.from(query.labels).entries()) {
          const own = values.subarray(number * columns, (number + 1) * columns);
          const total = logSumExp(own);
          for (const [i, { item, score }] of rankedItems(own, top).entries()) {
            const place = [user, window, number, data.items[label] as string, i + 1];
            rows.push([
              ...place,
              data.items[item] as string,
              data.titles?.[item] ?? null,
              score,
              Math.exp(score - total),
            ]);
          }
        }
      }
      yield queryListColumns.map((_, column) => rows.map((row) => row[column] ?? null));
    }
  }
}
