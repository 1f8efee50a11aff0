import { entryAt } from "@kshot/contract";
import { logSumExp, rankedItems } from "@kshot/recommend";
import type { PersonScorer } from "../evaluation/index.js";
import type { ListBatch, ListColumns } from "./list-file.js";
import { type QueryScoresPlan, queryScores } from "./query-scores.js";

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
 * The highest items of every query of the evaluated people, with scores and softmax probabilities over all items, in the order of
 * `queryScores`; among equal scores the lower item number comes first.
 *
 * @param plan - `top`: length of each list
 * @returns one batch of rows for each group of people
 */
export async function* queryLists(
  scorer: PersonScorer,
  plan: QueryScoresPlan & { readonly top: number },
): AsyncGenerator<ListBatch> {
  const { items, titles } = plan.data;
  for await (const queries of queryScores(scorer, plan)) {
    const rows = queries.flatMap(({ user, window, query, label, scores }) => {
      const total = logSumExp(scores);
      return rankedItems(scores, plan.top).map(({ item, score }, i) => [
        ...[user, window, query, entryAt(items, label), i + 1, entryAt(items, item), titles?.[item] ?? null],
        ...[score, Math.exp(score - total)],
      ]);
    });
    yield queryListColumns.map((_, column) => rows.map((row) => row[column] ?? null));
  }
}
