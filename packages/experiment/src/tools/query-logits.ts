import { entryAt } from "@kshot/contract";
import type { PersonScorer } from "../evaluation/index.js";
import type { ListBatch, ListColumns } from "./list-file.js";
import { type QueryScoresPlan, queryScores } from "./query-scores.js";

/** Columns of a file of logits: one row for each query and item. */
export const queryLogitColumns: ListColumns = [
  ["user_id", "string"],
  ["window", "string"],
  ["query", "int64"],
  ["label", "string"],
  ["item_id", "string"],
  ["logit", "float64"],
];

/**
 * The scores of all items for every query, unrounded, in the order of `queryScores` and of the vocabulary. Of a network they are logits:
 * softmax gives probabilities. Those of a counting method or a stack are its scores.
 *
 * @returns one batch of rows for each group of people
 */
export async function* queryLogits(scorer: PersonScorer, plan: QueryScoresPlan): AsyncGenerator<ListBatch> {
  const { items } = plan.data;
  for await (const queries of queryScores(scorer, plan)) {
    for (const { user, window, query, label, scores } of queries) {
      const same = <T>(value: T): T[] => items.map(() => value);
      yield [same(user), same(window), same(query), same(entryAt(items, label)), items, Array.from(scores)];
    }
  }
}
