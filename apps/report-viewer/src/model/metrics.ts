import type { RankedQuery } from "@kshot/contract";

/** Metrics of a results file, as the contract defines them: expectations over a random order of tied items. */
export const metricNames = ["accuracy@1", "recall@5", "recall@10", "ndcg@10", "mrr"] as const;
export type MetricName = (typeof metricNames)[number];

export const metricTitles: Readonly<Record<MetricName, string>> = {
  "accuracy@1": "Acc@1",
  "recall@5": "Recall@5",
  "recall@10": "Recall@10",
  "ndcg@10": "NDCG@10",
  mrr: "MRR",
};

/** What hovering over a metric's name says. */
export const metricDefinitions: Readonly<Record<MetricName, string>> = {
  "accuracy@1": "Share of queries whose next item ranks first among all items (0 to 1)",
  "recall@5": "Share of queries whose next item is among the first five (0 to 1)",
  "recall@10": "Share of queries whose next item is among the first ten (0 to 1)",
  "ndcg@10": "1/log2(rank + 1) for ranks up to ten, else 0; mean over queries (0 to 1)",
  mrr: "Mean reciprocal rank: 1/rank of the next item, mean over queries (0 to 1)",
};

type Ranked = Pick<RankedQuery, "higher" | "tied">;

/** One query's metric: g = items that score higher, m = others with the same score. A k beyond the items gives 1 by itself. */
export function metricOf(name: MetricName, { higher: g, tied: m }: Ranked): number {
  if (name === "mrr") return meanOver(g, m, g + m + 1, (rank) => 1 / rank);
  if (name === "ndcg@10") return meanOver(g, m, Math.min(10, g + m + 1), (rank) => 1 / Math.log2(rank + 1));
  const k = name === "accuracy@1" ? 1 : name === "recall@5" ? 5 : 10;
  return Math.min(1, Math.max(0, (k - g) / (m + 1)));
}

function meanOver(g: number, m: number, last: number, value: (rank: number) => number): number {
  let sum = 0;
  for (let rank = g + 1; rank <= last; rank++) sum += value(rank);
  return sum / (m + 1);
}

/** Expected rank, 1 and up. */
export function expectedRank({ higher, tied }: Ranked): number {
  return higher + 1 + tied / 2;
}
