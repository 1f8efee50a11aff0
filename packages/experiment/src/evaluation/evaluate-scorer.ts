import type { DataSet, EpisodeTable, Pairs, PairTable, RankedQuery } from "@kshot/contract";
import type { Evaluation } from "@kshot/contract/schemas";
import { episodeQuery, episodeSupport, historyLengths } from "@kshot/episodes";
import { rankOf } from "@kshot/metrics";
import { includes, itemsMet } from "./evaluate-network.js";
import { type EvaluationPlan, evaluationEntry, type RankedPeople } from "./evaluation-entry.js";

/** Anything that scores all items for a query without learning from the person: a baseline, the campus's ideal observer. */
export interface QueryScorer {
  scores(query: ArrayLike<number>, support: Pairs | null): ArrayLike<number>;
}

/**
 * Evaluates a scorer on the same people and queries as the networks. Nothing adapts: 0 steps; of `supports`, 0 is
 * without the support pairs, K with all.
 */
export function evaluateScorer(
  scorer: QueryScorer,
  data: DataSet,
  plan: Pick<EvaluationPlan, "split" | "windows">,
  seed: number,
  supports: readonly number[] = [data.k],
): Evaluation[] {
  const { pairs, windows } = data[plan.split];
  return plan.windows.flatMap((window) =>
    supports.map((k) =>
      evaluationEntry(
        data,
        { split: plan.split, window, k, steps: 0 },
        rankWithScorer(scorer, pairs, windows[window], k > 0),
        seed,
      ),
    ),
  );
}

/** Ranks of all people of a window by a scorer. */
export function rankWithScorer(
  scorer: QueryScorer,
  pairs: PairTable,
  episodes: EpisodeTable,
  withSupport: boolean,
): RankedPeople {
  const queries: RankedQuery[][] = [];
  for (let e = 0; e < episodes.length; e++) {
    const support = episodeSupport(pairs, episodes, e);
    const query = episodeQuery(pairs, episodes, e);
    const met = itemsMet(support);
    queries.push(
      query.sequences.map((prefix, row) => {
        const label = query.labels[row]!;
        const ranked = rankOf(scorer.scores(prefix, withSupport ? support : null), label);
        return { label, seen: met.has(label) || includes(prefix, label), ...ranked };
      }),
    );
  }
  return {
    user: Array.from(episodes.user, (u) => pairs.users[u]!),
    historyLength: Array.from(historyLengths(pairs, episodes)),
    queries,
  };
}
