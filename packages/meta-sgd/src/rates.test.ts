import { parameterLayout } from "@kshot/contract";
import { alphaSummary } from "@kshot/contract/schemas";
import fc from "fast-check";
import { expect, it } from "vitest";
import { sharedNorm, shareGradient } from "./alpha-sharing.js";
import { clampRates, rateStatistics, rateSummary } from "./index.js";
import { rateDistributions } from "./rate-distribution.js";

const range = [1e-4, 0.1] as const;
const layout = parameterLayout([
  ["matrix", [2, 3]],
  ["scalar", [1]],
]);
const values = [0.02, 0.05, 0.01, 0.09, 0.04, 0.03, 0.07];

it("clamps in place, idempotently, without changing values inside", () => {
  fc.assert(
    fc.property(fc.float64Array({ noNaN: true, max: 1, min: -1 }), (rates) => {
      const alpha = rates.slice();
      clampRates(alpha, range);
      alpha.forEach((rate, i) => {
        expect(rate).toBe(Math.min(Math.max(rates[i]!, range[0]), range[1]));
      });
    }),
  );
  const single = Float32Array.of(0, 0.01, 1);
  clampRates(single, range);
  expect([...single]).toEqual([1e-4, 0.01, 0.1].map(Math.fround));
  clampRates(single, range);
  expect([...single]).toEqual([1e-4, 0.01, 0.1].map(Math.fround));
});

it.each([
  ["element", Math.sqrt(1 + 4 + 9 + 16 + 25 + 36 + 49)],
  ["row", Math.sqrt(6 ** 2 + 15 ** 2 + 7 ** 2)],
  ["tensor", Math.sqrt(21 ** 2 + 7 ** 2)],
  ["scalar", 28],
] as const)("a shared rate counts once in the norm of their gradient: %s", (sharing, expected) => {
  const gradient = Float64Array.of(1, 2, 3, 4, 5, 6, 7);
  shareGradient(gradient, layout.tensors, sharing);
  expect(sharedNorm(gradient, layout.tensors, sharing)).toBeCloseTo(expected, 12);
});

it.each([[[0.1, 0.01]], [[Number.NaN, 1]], [[0, Number.POSITIVE_INFINITY]]] as [[number, number]][])(
  "refuses the range %j",
  (bad) => {
    expect(() => clampRates(Float64Array.of(1), bad)).toThrow(/alpha range/);
    expect(() => rateSummary(new Float64Array(7), layout, bad)).toThrow(/alpha range/);
  },
);

it("gives each tensor's statistics, unbiased, null for one value", () => {
  const { matrix, scalar } = rateStatistics(Float64Array.from(values), layout);
  // numpy: v.mean(), v.std(ddof=1) of the first six
  expect(matrix!.mean).toBeCloseTo(0.04, 15);
  expect(matrix!.std).toBeCloseTo(0.028284271247461905, 15);
  expect([matrix!.min, matrix!.max]).toEqual([0.01, 0.09]);
  expect(scalar).toEqual({ mean: 0.07, std: null, min: 0.07, max: 0.07 });
});

it("has a deviation of exactly 0 for equal rates", () => {
  const { matrix } = rateStatistics(new Float32Array(7).fill(0.01), layout);
  expect(matrix).toEqual({ mean: Math.fround(0.01), std: 0, min: Math.fround(0.01), max: Math.fround(0.01) });
});

it("interpolates quantiles as numpy does", () => {
  const { matrix, scalar } = rateDistributions(Float64Array.from(values), layout.tensors);
  // numpy.quantile([.02, .05, .01, .09, .04, .03], [.05, .25, .5, .75, .95])
  const golden = [0.0125, 0.0225, 0.035, 0.0475, 0.08];
  matrix!.quantiles.forEach((quantile, i) => {
    expect(quantile).toBeCloseTo(golden[i]!, 14);
  });
  expect(scalar!.std).toBe(0);
  expect(scalar!.quantiles).toEqual([0.07, 0.07, 0.07, 0.07, 0.07]);
});

it.each([
  ["float32", Float32Array],
  ["float64", Float64Array],
] as const)("summarises %s rates: shares at the ends, every rate in its bin", (_, vectorType) => {
  const alpha = new vectorType([0, 1, 0.5, 0.01, 0.02, 1e-4, 0.05]);
  clampRates(alpha, range);
  const summary = rateSummary(alpha, layout, range);
  const matrix = alphaSummary.parse(summary.matrix);
  expect(matrix.shape).toEqual([2, 3]);
  expect([matrix.atLow, matrix.atHigh]).toEqual([2 / 6, 2 / 6]);
  expect([summary.scalar!.atLow, summary.scalar!.atHigh]).toEqual([0, 0]);
  const { edges, counts } = matrix.histogram;
  expect(edges).toEqual(summary.scalar!.histogram.edges);
  expect(edges.length).toBe(counts.length + 1);
  expect([Math.fround(edges[0]!), Math.fround(edges.at(-1)!)]).toEqual([1e-4, 0.1].map(Math.fround));
  expect(edges[1]! / edges[0]!).toBeCloseTo(edges[2]! / edges[1]!, 6);
  const byHand = counts.map(
    (_, bin) =>
      alpha
        .subarray(0, 6)
        .filter(
          (a) => a >= edges[bin]! && (a < edges[bin + 1]! || (bin === counts.length - 1 && a === edges[bin + 1]!)),
        ).length,
  );
  expect(counts).toEqual(byHand);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(6);
});

it("has the same edges whether or not a rate is at an end", () => {
  const inside = rateSummary(new Float32Array(7).fill(0.01), layout, range).matrix!.histogram.edges;
  const clamped = rateSummary(Float32Array.of(1e-4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1), layout, range).matrix!.histogram
    .edges;
  expect(clamped).toEqual(inside);
});

it("spaces edges evenly where an end is not positive, and widens them over rates outside the range", () => {
  const even = rateSummary(new Float64Array(7), layout, [-1, 1]).matrix!.histogram.edges;
  expect(even[1]! - even[0]!).toBeCloseTo(even[21]! - even[20]!, 12);
  const wide = rateSummary(new Float64Array(7).fill(0.5), layout, range).matrix!;
  expect(wide.histogram.edges.at(-1)).toBe(0.5);
  expect(wide.histogram.counts.at(-1)).toBe(6);
  expect(wide.atHigh).toBe(0);
  expect(rateSummary(new Float64Array(7).fill(0.5), layout, [0.5, 0.5]).matrix!.histogram).toEqual({
    edges: [0.5, 0.5],
    counts: [6],
  });
});

it("refuses a rate that is not finite, and a wrong length", () => {
  expect(() => rateSummary(new Float64Array(7).fill(Number.NaN), layout, range)).toThrow(/alpha, value 0: NaN/);
  expect(() => rateSummary(new Float64Array(6), layout, range)).toThrow(/6 values/);
  expect(() => rateStatistics(new Float64Array(8), layout)).toThrow(/8 values/);
});

it("contains the rates themselves, row by row, unless they are too many", () => {
  const alpha = Float64Array.from([0.012345678, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07]);
  const { matrix, scalar } = rateSummary(alpha, layout, range);
  expect(matrix!.matrix).toEqual([
    [0.01235, 0.02, 0.03],
    [0.04, 0.05, 0.06],
  ]);
  expect(scalar!.matrix).toEqual([[0.07]]);
  const large = parameterLayout([["large", [257, 256]]]);
  expect(rateSummary(new Float64Array(large.size).fill(0.01), large, range).large).not.toHaveProperty("matrix");
});
