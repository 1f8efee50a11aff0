/** Metrics of the rank of the label. */
export const rankMetrics = ["accuracy", "recall", "ndcg", "mrr"] as const;
/** Metrics of the recommended lists: `coverage@K` and `novelty@K`. */
export const listMetrics = ["coverage", "novelty"] as const;

/** A metric that was requested by name (`--metrics`). */
export interface AskedMetric {
  /** The requested name: `recall@20`, `mrr`. */
  readonly name: MeasuredName;
  readonly kind: (typeof rankMetrics)[number] | (typeof listMetrics)[number];
  /** Cut-off K of `kind@K`; undefined for `mrr`. */
  readonly k?: number;
}

/** Name of any metric: `recall@20`, `mrr`, one of the usual five among them. */
export type MeasuredName = "mrr" | `${Exclude<AskedMetric["kind"], "mrr">}@${number}`;

/** The names that `askedMetric` reads, for messages. */
export const askedMetricForms = "accuracy@K, recall@K, ndcg@K, mrr, coverage@K, novelty@K";

/**
 * A metric by name, `accuracy@K recall@K ndcg@K mrr coverage@K novelty@K` with a whole K of 1 or more.
 *
 * @returns undefined for any other name
 */
export function askedMetric(name: string): AskedMetric | undefined {
  if (name === "mrr") return { name, kind: "mrr" };
  const [, kind, digits] = /^(accuracy|recall|ndcg|coverage|novelty)@([1-9]\d{0,5})$/.exec(name) ?? [];
  return digits === undefined
    ? undefined
    : { name: name as MeasuredName, kind: kind as Exclude<AskedMetric["kind"], "mrr">, k: Number(digits) };
}

/** Length of the top list that a metric is computed from; 0 for a metric of ranks. */
export function listLength({ kind, k = 0 }: AskedMetric): number {
  return kind === "coverage" || kind === "novelty" ? k : 0;
}
