import { metricNames } from "@kshot/contract";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { expect, it } from "vitest";
import { bootstrapIntervals, overallMetrics, type Rank } from "./index.js";
import { quantile } from "./quantile.js";

const nItems = 100;
const hit: Rank = { higher: 0, tied: 0 };
const miss: Rank = { higher: 99, tied: 0 };

/** People with hit rates uniform on 0 … 0.6 (mean 0.3): queries of one person depend on each other. */
function simulatedPeople(random: RandomGenerator, people: number, queries: number): Rank[][] {
  return Array.from({ length: people }, () => {
    const rate = 0.6 * uniformFloat64(random);
    return Array.from({ length: queries }, () => (uniformFloat64(random) < rate ? hit : miss));
  });
}

it("covers the true mean about as often as its level says", () => {
  const random = xoroshiro128plus(7);
  const trials = 400;
  let covered = 0;
  for (let trial = 0; trial < trials; trial++) {
    const people = simulatedPeople(random, 60, 10);
    const { low, high } = bootstrapIntervals(people, nItems, random, { resamples: 400 })["accuracy@1"];
    if (low <= 0.3 && 0.3 <= high) covered++;
  }
  // 95 % nominal; 400 trials have a standard error of .011, and the percentile interval of 60 people is a little short.
  expect(covered / trials).toBeGreaterThan(0.91);
  expect(covered / trials).toBeLessThan(0.985);
});

it("is as wide on each side as the people differ, not as if queries were independent", () => {
  // Each person hits always or never: the interval is that of 400 coin tosses, for any number of queries.
  const people = Array.from({ length: 400 }, (_, i) => Array.from({ length: 20 }, () => (i % 2 === 0 ? hit : miss)));
  const resamples = 20_000;
  const { value, low, high } = bootstrapIntervals(people, nItems, xoroshiro128plus(1), { resamples })["accuracy@1"];
  expect(value).toBe(0.5);
  // 1.96 standard errors to each side; the means are multiples of 1/400, and the quantiles' own error is .0005.
  const side = 1.96 * Math.sqrt(0.25 / 400);
  expect(Math.abs(value - low - side)).toBeLessThan(0.0035);
  expect(Math.abs(high - value - side)).toBeLessThan(0.0035);
});

it("takes the mean over the queries of a resample, not over its people", () => {
  // One person with 1 hit, one with 9 misses. Two of four resamples contain both people (mean .1), so the median of t* is 0.
  const people = [[hit], Array.from({ length: 9 }, () => miss)];
  const { value, low, high } = bootstrapIntervals(people, nItems, xoroshiro128plus(3), { level: 0.4 })["accuracy@1"];
  expect(value).toBe(0.1);
  expect([low, high]).toEqual([0.1, 0.1]);
  const wide = bootstrapIntervals(people, nItems, xoroshiro128plus(3));
  expect(wide["accuracy@1"].low).toBe(0);
  expect(wide["accuracy@1"].high).toBeGreaterThan(0.1);
});

it("has the overall metrics as values, each inside its interval", () => {
  const people = simulatedPeople(xoroshiro128plus(5), 40, 7);
  const intervals = bootstrapIntervals(people, nItems, xoroshiro128plus(6));
  const values = overallMetrics(people, nItems);
  for (const name of metricNames) {
    expect(intervals[name].value).toBe(values[name]);
    expect(intervals[name].low).toBeLessThanOrEqual(values[name]);
    expect(intervals[name].high).toBeGreaterThanOrEqual(values[name]);
  }
});

it("is the same for the same seed and another for another", () => {
  const people = simulatedPeople(xoroshiro128plus(5), 40, 7);
  const of = (seed: number) => bootstrapIntervals(people, nItems, xoroshiro128plus(seed));
  expect(of(1)).toEqual(of(1));
  expect(of(1)).not.toEqual(of(2));
});

it("is a point for one person", () => {
  expect(bootstrapIntervals([[hit, miss]], nItems, xoroshiro128plus(1))["recall@5"]).toEqual({
    value: 0.5,
    low: 0.5,
    high: 0.5,
  });
});

const refusals: [string, readonly (readonly Rank[])[], object, RegExp][] = [
  ["nobody", [], {}, /no queries/],
  ["a person without queries", [[hit], []], {}, /person 1: no queries/],
  ["no resamples", [[hit]], { resamples: 0 }, /resamples: 0/],
  ["level 95", [[hit]], { level: 95 }, /level: 95/],
  ["level NaN", [[hit]], { level: Number.NaN }, /level: NaN/],
];
it.each(refusals)("refuses %s", (_, people, options, message) => {
  expect(() => bootstrapIntervals(people, nItems, xoroshiro128plus(1), options)).toThrow(message);
});

it("interpolates quantiles as NumPy's default does", () => {
  // numpy.quantile([1, 2, 4, 8], [0, .25, .5, .75, 1])
  const sorted = Float64Array.of(1, 2, 4, 8);
  expect([0, 0.25, 0.5, 0.75, 1].map((p) => quantile(sorted, p))).toEqual([1, 1.75, 3, 5, 8]);
});
