import { KshotError } from "@kshot/contract";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, it } from "vitest";
import { bootstrapIntervals, type EvaluateOptions, evaluate, rankOf } from "./index.js";

const rows = [
  [0.1, 0.7, 0.7, 0],
  [3, 2, 1, 0],
  [1, 0, 0, 0],
];
const labels = [1, 2, 0];
const users = ["ann", "ann", "bob"];

describe("evaluate", () => {
  it("gives the figures that ranks and bootstrap give one by one", () => {
    const ranks = rows.map((scores, query) => rankOf(scores, labels[query]!));
    const people = [ranks.slice(0, 2), ranks.slice(2)];
    const one = evaluate({ scores: rows, labels, users, seed: 7 });
    const { "accuracy@1": accuracy, ...others } = bootstrapIntervals(people, 4, xoroshiro128plus(7));
    expect(one).toMatchObject({ people: 2, queries: 3, ranks, metrics: { "accuracy@1": accuracy, ...others } });
    expect(Object.keys(one.metrics)).toEqual(["accuracy@1", "recall@5", "ndcg@5", "recall@10", "ndcg@10", "mrr"]);
    expect(bootstrapIntervals(people, 4, 7)["accuracy@1"]).toEqual(accuracy);
  });

  it("takes one array for all scores, any cut-offs, and people by number", () => {
    const flat = Float32Array.from(rows.flat());
    const { metrics } = evaluate({ scores: flat, labels, users: Int32Array.of(4, 4, 9), cutoffs: [2], seed: 7 });
    const expected = evaluate({ scores: rows, labels, users, cutoffs: [2], seed: 7 }).metrics;
    expect(metrics).toEqual(expected);
    expect(metrics["recall@2"]?.value).toBeCloseTo((1 + 0 + 1) / 3, 12);
    expect(metrics.mrr?.low).toBeLessThan(metrics.mrr?.high ?? 0);
  });

  it("counts each query as a person if people are omitted", () => {
    expect(evaluate({ scores: rows, labels, seed: 7 }).people).toBe(3);
  });

  it.each<[string, Partial<EvaluateOptions>, RegExp]>([
    ["no label", { labels: [] }, /^labels: none/],
    ["fewer labels than lists", { labels: [1, 2] }, /^scores: 3 lists\. Expected 2, one per label/],
    [
      "lists of different lengths",
      { scores: [[1], [1, 2], [1]] },
      /^scores: list 1 of 2 scores\. Expected 1, as in the first/,
    ],
    [
      "a flat array that does not divide",
      { scores: new Float32Array(4) },
      /^scores: 4 numbers\. Expected a multiple of 3/,
    ],
    ["users that do not fit", { users: ["ann"] }, /^users: 1 entries\. Expected 3/],
    ["an invalid cut-off", { cutoffs: [0] }, /^cutoffs: 0\. Expected whole numbers of 1 or more/],
    ["an invalid seed", { seed: 0.5 }, /^seed: 0\.5\. Expected a whole number/],
    ["a label without a score", { labels: [1, 2, 4] }, /^ranking: label 4 among 4 scores/],
    [
      "NaN",
      {
        scores: [
          [Number.NaN, 1],
          [1, 2],
          [1, 2],
        ],
        labels: [1, 1, 1],
      },
      /^ranking, item 0: a score that is not a number/,
    ],
  ])("refuses %s", (_, options, message) => {
    try {
      evaluate({ scores: rows, labels, users, seed: 7, ...options });
    } catch (error) {
      expect(KshotError.isInstance(error)).toBe(true);
      expect((error as Error).message).toMatch(message);
      return;
    }
    throw new Error("no refusal");
  });
});
