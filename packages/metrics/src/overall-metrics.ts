import { type MetricName, metricNames, recordOf, usageError } from "@kshot/contract";
import { metricSums } from "./metric-sums.js";
import type { Rank } from "./rank.js";

/**
 * The figures of a table: each metric's mean over all queries of all people (docs/files.md, Metrics). Range 0 … 1.
 *
 * @throws `USAGE` if there is no query.
 */
export function overallMetrics(people: readonly (readonly Rank[])[], nItems: number): Record<MetricName, number> {
  const { counts, sums } = metricSums(people, nItems);
  const queries = counts.reduce((total, count) => total + count, 0);
  if (queries === 0) {
    throw usageError({ where: "metrics", found: "no queries", expected: "at least one query to take a mean over" });
  }
  const width = metricNames.length;
  return recordOf(metricNames, (_, metric) => {
    let total = 0;
    for (let person = 0; person < counts.length; person++) total += sums[person * width + metric]!;
    return total / queries;
  });
}

/**
 * A person's metrics: each the mean over their queries (docs/files.md, Metrics). Range 0 … 1.
 *
 * @throws `USAGE` for a person without queries.
 */
export function personMetrics(queries: readonly Rank[], nItems: number): Record<MetricName, number> {
  return overallMetrics([queries], nItems);
}
