import { askedMetric } from "@kshot/contract";
import { describe, expect, it } from "vitest";
import { askedMetricValue, bootstrapIntervals, coverage, novelty, randomStream, selfInformation } from "./index.js";

const ranks = Array.from({ length: 30 }, (_, person) =>
  Array.from({ length: 1 + (person % 4) }, (_, query) => ({ higher: (7 * person + 3 * query) % 20, tied: query % 3 })),
);
const nItems = 25;
const lists = ranks.map((queries, person) => queries.map((_, query) => [(person + query) % 6, 7, (person % 3) + 10]));
const information = selfInformation(Array.from({ length: nItems }, (_, item) => item));
const asked = (name: string) => {
  const metric = askedMetric(name);
  if (metric === undefined) throw new Error(name);
  return askedMetricValue(metric, { ranks, lists, information, nItems }, randomStream(1, "bootstrap"));
};

describe("a metric asked for by name", () => {
  it.each(["accuracy@1", "recall@5", "recall@10", "ndcg@10", "mrr"] as const)("%s is that of the table", (name) => {
    const expected = bootstrapIntervals(ranks, nItems, randomStream(1, "bootstrap"))[name];
    const { value, low, high, perPerson } = asked(name);
    expect({ value, low, high }).toEqual(expected);
    const queries = ranks.reduce((sum, own) => sum + own.length, 0);
    const again = perPerson?.reduce((sum, mean, person) => sum + mean * (ranks[person]?.length ?? 0), 0) ?? 0;
    expect(again / queries).toBeCloseTo(value, 12);
  });

  it("coverage is the share of items in any list, cut to K", () => {
    expect(asked("coverage@1").value).toBe(6 / nItems);
    expect(asked("coverage@2").value).toBe(7 / nItems);
    const { value, low, high, listed } = asked("coverage@3");
    expect(value).toBe(10 / nItems);
    expect(coverage(listed ?? [], nItems)).toBe(value);
    expect(low).toBeLessThanOrEqual(value);
    expect(high).toBeGreaterThanOrEqual(value);
  });

  it("novelty is the mean bits of the listed items", () => {
    const { value, low, high } = asked("novelty@2");
    const all = lists.flat().map((list) => novelty(list.slice(0, 2), information));
    expect(value).toBeCloseTo(all.reduce((a, b) => a + b, 0) / all.length, 12);
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
  });

  it("needs lists for metrics of lists, and queries for all metrics", () => {
    const metric = { name: "coverage@3", kind: "coverage", k: 3 } as const;
    const random = randomStream(1, "bootstrap");
    expect(() => askedMetricValue(metric, { ranks, nItems }, random)).toThrow(
      /coverage@3: no lists.*--metrics coverage@3/,
    );
    expect(() => askedMetricValue({ name: "mrr", kind: "mrr" }, { ranks: [[]], nItems }, random)).toThrow(/no queries/);
  });
});

it("self-information: 1 bit for half of the pairs, finite for an item that no person took", () => {
  // (1 + 1)/(2 + 2) = ½; (3 + 1)/(4 + 4) = ½ and (0 + 1)/8.
  expect(Array.from(selfInformation([1, 1]))).toEqual([1, 1]);
  expect(Array.from(selfInformation([3, 1, 0, 0]))).toEqual([1, 2, 3, 3]);
});
