import type { MetricName } from "@kshot/contract";
import { overallMetrics } from "./overall-metrics.js";
import type { Rank } from "./rank.js";

/**
 * A person's metrics: each the mean over their queries (contract: Metrics). Range 0 … 1.
 *
 * @throws `USAGE` for a person without queries.
 */
export function personMetrics(queries: readonly Rank[], nItems: number): Record<MetricName, number> {
  return overallMetrics([queries], nItems);
}
