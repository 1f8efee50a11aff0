/**
 * The rank of a query's label among N items: the input of all metrics, stored in a results file.
 */
export interface RankedQuery {
  /** The item that came next. */
  readonly label: number;
  /** The label occurs in the support pairs (prefixes and labels) or in the query's own prefix. */
  readonly seen: boolean;
  /** Number of items that score strictly higher than the label: g. */
  readonly higher: number;
  /** Number of other items with exactly the label's score: m. */
  readonly tied: number;
}

/** The metrics of a results file, in the order they are printed. */
export const metricNames = ["accuracy@1", "recall@5", "recall@10", "ndcg@10", "mrr"] as const;
/** One of the five metrics that every evaluation has. */
export type MetricName = (typeof metricNames)[number];

/** An estimate and its 95 % bootstrap interval over people. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}
