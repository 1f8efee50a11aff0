import type { MetricName } from "@kshot/contract";
import { metricNames } from "@kshot/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  expectedRank,
  hitAt,
  metricsOf,
  ndcgAt,
  overallMetrics,
  personMetrics,
  rankOf,
  reciprocalRank,
} from "./index.js";

/** Each metric of one known rank, without ties: the textbook definitions. */
const atRank: Record<MetricName, (rank: number) => number> = {
  "accuracy@1": (rank) => (rank === 1 ? 1 : 0),
  "recall@5": (rank) => (rank <= 5 ? 1 : 0),
  "recall@10": (rank) => (rank <= 10 ? 1 : 0),
  "ndcg@10": (rank) => (rank <= 10 ? 1 / Math.log2(rank + 1) : 0),
  mrr: (rank) => 1 / rank,
};

/** Few distinct scores, so that most are tied; with infinities. */
const scored = fc
  .array(fc.constantFrom(-Infinity, -1, 0, 0.5, 2, Infinity), { minLength: 1, maxLength: 30 })
  .chain((scores) => fc.record({ scores: fc.constant(scores), label: fc.nat(scores.length - 1) }));

/** All orders of the tied block are equally likely, so the label has each of its positions equally often. */
function overTieOrders(scores: readonly number[], label: number, metric: (rank: number) => number): number {
  const own = scores[label]!;
  const block = scores.map((score, item) => ({ score, item })).filter(({ score }) => score === own);
  const above = scores.filter((score) => score > own).length;
  let sum = 0;
  for (let turn = 0; turn < block.length; turn++) {
    const order = [...block.slice(turn), ...block.slice(0, turn)];
    sum += metric(above + 1 + order.findIndex(({ item }) => item === label));
  }
  return sum / block.length;
}

describe.each(metricNames)("%s", (name) => {
  it("is the mean over all orders of the tied items", () => {
    fc.assert(
      fc.property(scored, ({ scores, label }) => {
        const value = metricsOf(rankOf(scores, label), scores.length)[name];
        expect(value).toBeCloseTo(overTieOrders(scores, label, atRank[name]), 12);
      }),
    );
  });

  it("does not depend on the order of the items", () => {
    fc.assert(
      fc.property(scored, fc.infiniteStream(fc.nat()), ({ scores, label }, keys) => {
        const order = scores.map((_, item) => ({ item, key: keys.next().value as number }));
        order.sort((a, b) => a.key - b.key);
        const moved = order.map(({ item }) => scores[item]!);
        const movedLabel = order.findIndex(({ item }) => item === label);
        expect(metricsOf(rankOf(moved, movedLabel), moved.length)[name]).toBe(
          metricsOf(rankOf(scores, label), scores.length)[name],
        );
      }),
    );
  });

  it("is 1 for one item, and for a label alone at the top", () => {
    expect(metricsOf(rankOf([-Infinity], 0), 1)[name]).toBe(1);
    expect(metricsOf(rankOf([0, 3, 1], 1), 3)[name]).toBe(1);
  });

  it("stays between 0 and 1", () => {
    fc.assert(
      fc.property(scored, ({ scores, label }) => {
        const value = metricsOf(rankOf(scores, label), scores.length)[name];
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }),
    );
  });
});

it("has closed forms where all items are tied", () => {
  const ranked = rankOf(new Float32Array(20), 7);
  expect(ranked).toEqual({ higher: 0, tied: 19 });
  expect(hitAt(1, ranked, 20)).toBe(1 / 20);
  expect(hitAt(10, ranked, 20)).toBe(1 / 2);
  expect(expectedRank(ranked)).toBe(10.5);
  let harmonic = 0;
  for (let rank = 20; rank >= 1; rank--) harmonic += 1 / rank;
  expect(reciprocalRank(ranked)).toBeCloseTo(harmonic / 20, 14);
});

it("hits always when k is at least the number of items", () => {
  fc.assert(
    fc.property(scored, fc.nat(5), ({ scores, label }, more) => {
      const ranked = rankOf(scores, label);
      expect(hitAt(scores.length + more, ranked, scores.length)).toBe(1);
      expect(ndcgAt(scores.length + more, ranked, scores.length)).toBe(ndcgAt(scores.length, ranked, scores.length));
    }),
  );
});

it("takes the expected rank over the tie orders", () => {
  fc.assert(
    fc.property(scored, ({ scores, label }) => {
      expect(expectedRank(rankOf(scores, label))).toBeCloseTo(
        overTieOrders(scores, label, (rank) => rank),
        12,
      );
    }),
  );
});

describe("refused", () => {
  const cases: [string, () => unknown, RegExp][] = [
    ["a NaN score elsewhere", () => rankOf([1, 2, Number.NaN], 0), /item 2.*NaN/],
    ["a NaN score of the label", () => rankOf([1, Number.NaN, 3], 1), /item 1.*NaN/],
    ["a label beyond the scores", () => rankOf([1, 2], 2), /label 2 among 2 scores/],
    ["an invalid label", () => rankOf([1, 2], -1), /label -1/],
    ["no scores", () => rankOf([], 0), /label 0 among 0 scores/],
    ["k = 0", () => hitAt(0, { higher: 0, tied: 0 }, 3), /cut-off k: 0/],
    ["k = 1.5", () => ndcgAt(1.5, { higher: 0, tied: 0 }, 3), /cut-off k: 1.5/],
    ["more items above than there are", () => metricsOf({ higher: 2, tied: 1 }, 3), /2 items higher and 1 tied/],
    ["a negative count", () => reciprocalRank({ higher: -1, tied: 0 }), /-1 items higher/],
    ["a fractional count", () => expectedRank({ higher: 0, tied: 0.5 }), /0.5 tied/],
    ["a person without queries", () => personMetrics([], 3), /no queries/],
    ["nobody", () => overallMetrics([], 3), /no queries/],
  ];
  it.each(cases)("%s", (_, call, message) => {
    expect(call).toThrow(message);
  });
});

it("weighs people by their queries overall, and queries equally per person", () => {
  const top = { higher: 0, tied: 0 };
  const bottom = { higher: 19, tied: 0 };
  expect(personMetrics([top, bottom], 20)["accuracy@1"]).toBe(0.5);
  expect(overallMetrics([[top], [bottom, bottom, bottom]], 20)["accuracy@1"]).toBe(0.25);
  expect(overallMetrics([[top], [bottom, bottom, bottom]], 20).mrr).toBeCloseTo((1 + 3 / 20) / 4, 14);
});
