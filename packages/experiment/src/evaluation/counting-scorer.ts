import type { Logits, Pairs } from "@kshot/contract";
import type { PersonScorer } from "./person-scorer.js";

/** Scores all items for one query without gradients: counts, neighbours, the campus's ideal observer. */
export interface QueryScorer {
  /**
   * @param query - the query's history, oldest item first
   * @param support - the person's support pairs; null: without them
   * @returns scores `[nItems]`; higher is better
   */
  scores(query: ArrayLike<number>, support: Pairs | null): ArrayLike<number>;
}

/** A scorer without gradients, on the same people and queries as the networks. */
export function countingScorer(scorer: QueryScorer, nItems: number): PersonScorer {
  return {
    nItems,
    peopleAtOnce: 256,
    scores: async (people, steps) => {
      const scores = people.map(({ support, query }): Logits => {
        const rows = query.sequences.length;
        const values = new Float64Array(rows * nItems);
        const given = support.sequences.length === 0 ? null : support;
        for (const [row, history] of query.sequences.entries()) values.set(scorer.scores(history, given), row * nItems);
        return { rows, columns: nItems, values };
      });
      return steps.map(() => scores);
    },
  };
}
