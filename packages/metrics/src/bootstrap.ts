import { type Interval, type MetricName, metricNames, usageError } from "@kshot/contract";
import { generatorOf, type Randomness } from "@kshot/contract/random";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { metricRecord, metricSums } from "./metric-sums.js";
import { overallMetrics } from "./overall-metrics.js";
import { quantile } from "./quantile.js";
import type { Rank } from "./rank.js";

/** How an interval is made. */
export interface BootstrapOptions {
  /** Number of resamplings of the people. Default 2000. */
  readonly resamples?: number;
  /** Probability that the interval is to cover, in (0, 1). Default 0.95. */
  readonly level?: number;
}

/**
 * Percentile bootstrap intervals of the mean over all queries, resampling people (docs/files.md, Metrics).
 *
 * Each resample draws as many people as there are, with replacement, each with all their queries: a person's queries depend
 * on each other, people do not. `value` is `overallMetrics`; `low` and `high` are the (1 ± level)/2 quantiles of the
 * resampled means. All metrics share the draws, so their intervals are comparable. `random` is a seed, or
 * a generator, which is advanced.
 *
 * @throws `USAGE` for nobody, a person without queries, or options out of range.
 */
export function bootstrapIntervals(
  people: readonly (readonly Rank[])[],
  nItems: number,
  random: Randomness,
  { resamples = 2000, level = 0.95 }: BootstrapOptions = {},
): Record<MetricName, Interval> {
  if (!Number.isInteger(resamples) || resamples < 1) {
    throw usageError({ where: "bootstrap, resamples", found: `${resamples}`, expected: "a positive integer" });
  }
  if (!(level > 0 && level < 1)) {
    throw usageError({ where: "bootstrap, level", found: `${level}`, expected: "a number above 0 and below 1" });
  }
  const values = overallMetrics(people, nItems);
  const generator = generatorOf(random);
  const { counts, sums } = metricSums(people, nItems);
  const idle = counts.indexOf(0);
  if (idle !== -1) {
    throw usageError({
      where: `bootstrap, person ${idle}`,
      found: "no queries",
      expected: "at least one query per person",
      todo: "Leave out people without queries before resampling",
    });
  }
  const width = metricNames.length;
  const means = metricNames.map(() => new Float64Array(resamples));
  const totals = new Float64Array(width);
  for (let resample = 0; resample < resamples; resample++) {
    totals.fill(0);
    let queries = 0;
    for (let draw = 0; draw < counts.length; draw++) {
      const person = uniformInt(generator, 0, counts.length - 1);
      queries += counts[person]!;
      for (let metric = 0; metric < width; metric++) {
        totals[metric] = totals[metric]! + sums[person * width + metric]!;
      }
    }
    for (let metric = 0; metric < width; metric++) means[metric]![resample] = totals[metric]! / queries;
  }
  for (const resampled of means) resampled.sort();
  return metricRecord((metric) => ({
    value: values[metricNames[metric]!],
    low: quantile(means[metric]!, (1 - level) / 2),
    high: quantile(means[metric]!, (1 + level) / 2),
  }));
}
