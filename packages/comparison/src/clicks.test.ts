import type { Clicks } from "@kshot/contract/schemas";
import { expect, it } from "vitest";
import { clickWorth } from "./clicks.js";
import { methodsOf } from "./methods.js";
import type { ComparableResults } from "./results.js";

const place = { split: "test", window: "first" } as const;
const people = 30;
const half = { value: 0.5, low: 0.4, high: 0.6 };
const metrics = { "accuracy@1": half, "recall@5": half, "recall@10": half, "ndcg@10": half, mrr: half };

/** Two queries each, a revisit and a new item. The revisit is ranked first after one pair, the new item is lost after two. */
const higher = [
  [1, 0],
  [0, 0],
  [0, 3],
];

function results(clicks: Clicks | undefined): ComparableResults {
  const entry = (steps: number, ranks: readonly number[]) => ({
    ...{ ...place, k: 2, steps, metrics },
    people: {
      user: Array.from({ length: people }, (_, p) => `u${p}`),
      historyLength: Array.from({ length: people }, () => 2),
      queries: Array.from({ length: people }, () =>
        ranks.map((rank, q) => ({ label: q, seen: q === 0, higher: rank, tied: 0 })),
      ),
    },
  });
  return {
    ...{ schema: "kshot.results/1" as const, algorithm: "meta-sgd", k: 2, q: 2 },
    config: { seed: 1, metasgd_config: { num_inner_steps: 3 } },
    data: { fingerprint: "a".repeat(64), items: ["a", "b", "c", "d", "e"], people: { train: 9, val: 9, test: people } },
    evaluations: [entry(0, higher[0]!), entry(3, higher[2]!)],
    ...(clicks === undefined ? {} : { clicks: [clicks] }),
    ...{ history: { iteration: [], metaLoss: [], validation: [], alpha: {} }, alpha: {}, test: { opened: 1 } },
    volatile: {
      ...{ runId: "r", runTag: "t", createdAt: "2026", command: "", paths: {}, host: {}, engine: "simd" },
      ...{ build: "simd", workers: 1, secondsPerIteration: [] },
    },
  };
}

function clicks(lists: readonly (readonly number[])[]): Clicks {
  const everybody = <T>(of: () => T) => Array.from({ length: people }, of);
  return {
    ...{ ...place, steps: 3, k: [...lists.keys()] },
    before: everybody(() => [4]),
    labels: everybody(() => [0, 1]),
    higher: lists.map((ranks) => everybody(() => [...ranks])),
    tied: lists.map(() => everybody(() => [0, 0])),
    top: lists.map(() => everybody(() => [0, 1, 2, 3, 4])),
  };
}

const worth = (own: Clicks | undefined) =>
  clickWorth(methodsOf([{ name: "r", results: results(own) }])[0]!, place, "accuracy@1");

it("gives the gain of each pair, for all queries, revisits and new items", () => {
  const found = worth(clicks(higher))!;
  expect(found.k).toEqual([0, 1, 2]);
  expect(found.groups.map(({ name, queries, values }) => [name, queries, values])).toEqual([
    ["all queries", 60, [0.5, 1, 0.5]],
    ["revisits", 30, [0, 1, 1]],
    ["new items", 30, [1, 1, 0]],
  ]);
  expect(found.groups.map(({ added }) => added.map(({ value }) => value))).toEqual([
    [0.5, -0.5],
    [1, 0],
    [0, -1],
  ]);
  expect(found.groups.map(({ gains }) => gains.map(({ value }) => value))).toEqual([
    [0.5, 0],
    [1, 1],
    [0, -1],
  ]);
  expect(found.sentence).toBe(
    "The first pair adds +50.0 points of Acc@1 (95 % interval +50.0 to +50.0). All 2 pairs together add 0.0 (95 % interval 0.0 to 0.0): +100.0 on revisits (95 % interval +100.0 to +100.0) and −100.0 on new items (95 % interval −100.0 to −100.0). Pair 1 of 2 has a clear gain.",
  );
});

it("says nothing without such ranks, or where they do not begin without a pair", () => {
  expect(worth(undefined)).toBeNull();
  expect(worth({ ...clicks(higher), k: [1, 2, 3] })).toBeNull();
});
