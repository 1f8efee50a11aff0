import { metricNames } from "@kshot/contract";
import { metricsOf } from "./metrics-of.js";
import type { Rank } from "./rank.js";

/** Sums of each person's metrics over their queries: the input of means and resampling. */
export interface MetricSums {
  /** Number of queries per person, `[people]`. */
  readonly counts: Int32Array;
  /** `[people, metricNames]`, row-major. */
  readonly sums: Float64Array;
}

/** Sums every metric over each person's queries, once. */
export function metricSums(people: readonly (readonly Rank[])[], nItems: number): MetricSums {
  const width = metricNames.length;
  const counts = new Int32Array(people.length);
  const sums = new Float64Array(people.length * width);
  people.forEach((queries, person) => {
    counts[person] = queries.length;
    for (const ranked of queries) {
      const metrics = metricsOf(ranked, nItems);
      for (let i = 0; i < width; i++) sums[person * width + i] = sums[person * width + i]! + metrics[metricNames[i]!];
    }
  });
  return { counts, sums };
}
