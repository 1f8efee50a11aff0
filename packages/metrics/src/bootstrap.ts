import { type Interval, type MetricName, metricNames, recordOf, usageError } from "@kshot/contract";
import { generatorOf, type Randomness } from "@kshot/contract/random";
import { checkDraws } from "./intervals/draws.js";
import { sampleOf } from "./intervals/sample.js";
import { type IntervalOptions, studentisedIntervals } from "./intervals/studentised.js";
import { metricSums } from "./metric-sums.js";
import { overallMetrics } from "./overall-metrics.js";
import type { Rank } from "./rank.js";

/** Options of an interval. */
export type BootstrapOptions = Omit<IntervalOptions, "range">;

/** Resamplings of an evaluation's people; a run has many evaluations. */
export const evaluationResamples = 2000;

/** The range of every metric of queries. */
export const metricRange = [0, 1] as const;

/**
 * Intervals of the mean over all queries, resampling people (docs/files.md, Metrics): the studentised bootstrap
 * (`studentisedIntervals`) of one training. Training noise is not included.
 *
 * Each resample draws as many people as there are, with replacement, each with all their queries: queries of one person depend on
 * each other, people are independent. `value` is `overallMetrics`. All metrics share the draws, so their intervals are
 * comparable.
 *
 * @param random a seed, or a generator, which is advanced
 * @throws `USAGE` for no people, a person without queries, or options out of range.
 */
export function bootstrapIntervals(
  people: readonly (readonly Rank[])[],
  nItems: number,
  random: Randomness,
  { resamples = evaluationResamples, level = 0.95 }: BootstrapOptions = {},
): Record<MetricName, Interval> {
  checkDraws("bootstrap", resamples, level);
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
  const names = Object.keys(values) as MetricName[];
  const samples = names.map((_, metric) =>
    sampleOf([Float64Array.from(counts, (count, person) => sums[person * names.length + metric]! / count)], counts),
  );
  const intervals = studentisedIntervals(samples, generator, { resamples, level, range: metricRange });
  return recordOf(metricNames, (_, metric) => {
    const { low, high } = intervals[metric]!;
    const value = values[names[metric]!];
    return { value, low: Math.min(low, value), high: Math.max(high, value) };
  });
}
