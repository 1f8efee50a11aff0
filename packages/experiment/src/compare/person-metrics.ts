import { type MetricName, metricNames, type RankedQuery } from "@kshot/contract";
import type { Evaluation } from "@kshot/contract/schemas";
import { metricsOf } from "@kshot/metrics";

/** Which queries count. */
export type QueryFilter = (query: RankedQuery, historyLength: number) => boolean;

/** Each person's mean over their queries of every metric, and how many queries count. */
export interface PeopleMetrics {
  readonly queries: readonly number[];
  readonly metrics: Readonly<Record<MetricName, readonly number[]>>;
}

/** A person none of whose queries counts has 0 and weighs nothing. */
export function peopleMetrics({ people }: Evaluation, nItems: number, counts: QueryFilter = () => true): PeopleMetrics {
  const queries: number[] = [];
  const sums = Object.fromEntries(metricNames.map((name) => [name, [] as number[]])) as Record<MetricName, number[]>;
  people.queries.forEach((own, person) => {
    const chosen = own.filter((query) => counts(query, people.historyLength[person]!));
    queries.push(chosen.length);
    const values = chosen.map((query) => metricsOf(query, nItems));
    for (const name of metricNames) {
      const sum = values.reduce((total, metrics) => total + metrics[name], 0);
      sums[name].push(chosen.length === 0 ? 0 : sum / chosen.length);
    }
  });
  return { queries, metrics: sums };
}
