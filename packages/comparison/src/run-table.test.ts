import type { Interval } from "@kshot/contract";
import type { Evaluation, Results } from "@kshot/contract/schemas";
import { expect, it } from "vitest";
import { improvementPercent, runTable } from "./run-table.js";

const at = (value: number): Interval => ({ value, low: value - 0.01, high: value + 0.01 });

function evaluation(steps: number, accuracy: number): Evaluation {
  return {
    split: "test",
    window: "first",
    k: 5,
    steps,
    metrics: {
      "accuracy@1": at(accuracy),
      "recall@5": at(0.5),
      "recall@10": at(0.6),
      "ndcg@10": at(0.4),
      mrr: at(0.45),
    },
    people: { user: ["a"], historyLength: [5], queries: [[{ label: 0, seen: false, higher: 1, tied: 0 }]] },
  };
}

function results(algorithm: Results["algorithm"], evaluations: Evaluation[]): Results {
  return {
    algorithm,
    k: 5,
    q: 10,
    config: { metasgd_config: { num_inner_steps: 5 } },
    evaluations,
  } as unknown as Results;
}

it("prints intervals, the improvement over the GRU in percent, and Δ (Meta-SGD − MAML)", () => {
  const table = runTable(
    [
      results("gru", [evaluation(0, 0.2)]),
      results("maml", [evaluation(0, 0.1), evaluation(5, 0.3)]),
      results("meta-sgd", [evaluation(0, 0.15), evaluation(5, 0.25)]),
    ],
    { split: "test" },
  );
  expect(table).toMatch(/window `first`.*\(1 people, 1 queries\)/);
  expect(table).not.toMatch(/window `last`/);
  expect(table).toMatch(/Plain GRU\s+0\.2000 \[0\.190, 0\.210\]\s+–\s+–/);
  expect(table).toMatch(/MAML\s+0\.1000 \[0\.090, 0\.110\]\s+0\.3000 \[0\.290, 0\.310\]\s+\+50\.00 %/);
  expect(table).toMatch(/Meta-SGD\s+0\.1500 .*0\.2500 .*\+25\.00 %/);
  expect(table).toMatch(/Δ \(Meta-SGD − MAML\)\s+\+0\.0500\s+−0\.0500/);
});

it("shows the gain from the support pairs for a method that reads them", () => {
  const none = { ...evaluation(0, 0.2), k: 0 };
  const table = runTable([results("session-knn", [none, evaluation(0, 0.3)])], { split: "test" });
  expect(table).toMatch(/Session-kNN\s+0\.2000 .*0\.3000 /);
});

it("gives no percentage without a baseline, or over one of zero", () => {
  expect(improvementPercent(0.3, undefined)).toBeNull();
  expect(improvementPercent(0.3, 0)).toBeNull();
  expect(improvementPercent(0.1, 0.2)).toBeCloseTo(-50, 12);
});
