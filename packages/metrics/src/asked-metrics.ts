import { type AskedMetric, type Interval, listLength, usageError } from "@kshot/contract";
import { generatorOf, type Randomness } from "@kshot/contract/random";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { evaluationResamples, metricRange } from "./bootstrap.js";
import { coverage } from "./coverage.js";
import { sampleOf } from "./intervals/sample.js";
import { studentisedIntervals } from "./intervals/studentised.js";
import { novelty } from "./novelty.js";
import { quantile } from "./quantile.js";
import type { Rank } from "./rank.js";
import { rankMetric } from "./rank-metric.js";

/** All people's queries: the input of a requested metric. */
export interface AskedOf {
  /** `[people][queries]`. */
  readonly ranks: readonly (readonly Rank[])[];
  /** Top lists, best first, at least as long as the longest requested K: `[people][queries][K]`. Only for list metrics. */
  readonly lists?: readonly (readonly (readonly number[])[])[];
  /** Bits per item, `[nItems]`, from `selfInformation`. Only for `novelty@K`. */
  readonly information?: ArrayLike<number>;
  readonly nItems: number;
}

/** A metric with its interval, and each person's part: enough to resample people and to compare two methods. */
export interface AskedValue extends Interval {
  /** Mean over the person's queries, `[people]`. Not for coverage. */
  readonly perPerson?: readonly number[];
  /** The items that were listed for the person, ascending, `[people][…]`. Only for coverage. */
  readonly listed?: readonly (readonly number[])[];
}

/** Limits of coverage's interval. */
const [lowEnd, highEnd] = [(1 - 0.95) / 2, (1 + 0.95) / 2];

/**
 * A metric requested by name, with its 95 % interval from 2,000 resamplings of the people. Accuracy, recall, NDCG and MRR are
 * expectations over ties; among equal scores, lists contain the lower item number first.
 *
 * The interval of a mean is studentised, as in `bootstrapIntervals`. A resample repeats people, so its coverage is lower than
 * that of all people. The interval of coverage is therefore its value plus the percentiles of the deviations from the resamples'
 * mean, cut to 0 … 1.
 *
 * @param random a seed, or a generator, which is advanced; the same state gives the same interval
 * @throws `USAGE` for no people, for a person without queries, and for a metric of lists without lists
 */
export function askedMetricValue(metric: AskedMetric, people: AskedOf, random: Randomness): AskedValue {
  const counts = people.ranks.map((queries) => queries.length);
  if (counts.length === 0 || counts.includes(0)) {
    throw usageError({ where: metric.name, found: "no queries", expected: "at least one query per person" });
  }
  const generator = generatorOf(random);
  if (metric.kind === "coverage") return coverageValue(metric, people, generator);
  const sums = people.ranks.map((_, person) => queryValues(metric, people, person).reduce((a, b) => a + b, 0));
  const perPerson = sums.map((sum, person) => sum / (counts[person] ?? 1));
  const [interval] = studentisedIntervals([sampleOf([perPerson], counts)], generator, {
    resamples: evaluationResamples,
    // Novelty is in bits; every other metric is a share.
    ...(metric.kind === "novelty" ? {} : { range: metricRange }),
  });
  const { low = 0, high = 0 } = interval ?? {};
  const value = sums.reduce((a, b) => a + b, 0) / counts.reduce((a, b) => a + b, 0);
  return { value, low: Math.min(low, value), high: Math.max(high, value), perPerson };
}

/** A metric of each of a person's queries. */
function queryValues(
  metric: AskedMetric,
  { ranks, information, nItems, ...people }: AskedOf,
  person: number,
): number[] {
  const queries = ranks[person] ?? [];
  if (metric.kind !== "novelty") return queries.map((rank) => rankMetric(metric, rank, nItems));
  if (information === undefined) throw noLists(metric);
  return listsOf(metric, people.lists)[person]?.map((list) => novelty(list, information)) ?? [];
}

function coverageValue(metric: AskedMetric, { lists, nItems }: AskedOf, random: RandomGenerator): AskedValue {
  const listed = listsOf(metric, lists).map((own) => [...new Set(own.flat())].sort((a, b) => a - b));
  const value = coverage(listed, nItems);
  const values = resampled(listed.length, random, (chosen) =>
    coverage(
      [...new Set(chosen)].map((person) => listed[person] ?? []),
      nItems,
    ),
  );
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  const moved = (p: number) => Math.min(1, Math.max(0, value + quantile(values, p) - mean));
  return { value, low: Math.min(value, moved(lowEnd)), high: Math.max(value, moved(highEnd)), listed };
}

/** All people's lists, cut to the metric's K. */
function listsOf(metric: AskedMetric, lists: AskedOf["lists"]): number[][][] {
  if (lists === undefined) throw noLists(metric);
  const k = listLength(metric);
  return lists.map((own) => own.map((list) => list.slice(0, k)));
}

function noLists({ name }: AskedMetric) {
  return usageError({
    where: name,
    found: "no lists of the highest items",
    expected: "an evaluation with this metric",
    todo: `Evaluate with --metrics ${name}`,
  });
}

/** Ascending values of a statistic over resamplings of the people. */
function resampled(people: number, random: RandomGenerator, statistic: (chosen: number[]) => number): Float64Array {
  return Float64Array.from({ length: evaluationResamples }, () =>
    statistic(Array.from({ length: people }, () => uniformInt(random, 0, people - 1))),
  ).sort();
}
