import type { AlgorithmName, RankedQuery } from "@kshot/contract";
import type { Evaluation, Results } from "@kshot/contract/schemas";
import { describe, expect, it } from "vitest";
import { askedMetricRows } from "./asked-metric-table.js";
import { compareResults } from "./compare.js";
import { compareTable } from "./compare-table.js";
import type { NamedResults } from "./results.js";
import { titleOfMetric } from "./words.js";

const people = 24;
/** Two queries of each person; every second person has seen the second item before. */
const queriesOf = (rank: (person: number, query: number) => number): RankedQuery[][] =>
  Array.from({ length: people }, (_, p) =>
    [0, 1].map((q) => ({ label: 0, seen: q === 1 && p % 2 === 0, higher: rank(p, q), tied: 0 })),
  );

function named(
  algorithm: AlgorithmName,
  seed: number,
  rank: (person: number, query: number) => number,
  moreMetrics?: Evaluation["moreMetrics"],
): NamedResults {
  const evaluation: Evaluation = {
    ...{ split: "test", window: "first", k: 5, steps: 0, metrics: {} as Evaluation["metrics"] },
    people: {
      user: Array.from({ length: people }, (_, p) => `u${p}`),
      historyLength: Array.from({ length: people }, () => 5),
      queries: queriesOf(rank),
    },
    ...(moreMetrics === undefined ? {} : { moreMetrics }),
  };
  const results = {
    ...{ algorithm, k: 5, q: 2, config: { seed }, evaluations: [evaluation] },
    history: { iteration: [], metaLoss: [], validation: [], alpha: {} },
    alpha: {},
    test: { opened: 1 },
    data: { fingerprint: "a".repeat(64), items: Array.from("0123456789"), people: { train: 9, val: 9, test: 24 } },
  } as unknown as Results;
  return { name: `${algorithm}-${seed}.json`, results };
}

describe("a comparison by a metric of ranks beyond the five", () => {
  // Rank 3 in the one, 4 in the other: recall@3 tells them apart, recall@5 does not. The second seed finds nothing.
  const results = [
    named("gru", 1, () => 3),
    named("gru", 2, () => 3),
    named("gru-context", 1, (p) => (p < 12 ? 2 : 3)),
    named("gru-context", 2, () => 3),
  ];
  const comparison = compareResults(results, { metric: "recall@3" });
  const [gru, context] = comparison.windows[0]?.methods ?? [];

  it("has figures, paired differences and those of each seed, in addition to the five metrics", () => {
    expect(Object.keys(gru?.fewShot ?? {})).toEqual([
      ...["accuracy@1", "recall@5", "recall@10", "ndcg@10", "mrr", "recall@3"],
    ]);
    expect(gru?.fewShot["recall@3"].value).toBe(0);
    expect(context?.fewShotBySeed["recall@3"]).toEqual([0.5, 0]);
    const difference = context?.difference?.["recall@3"];
    expect(difference?.value).toBe(0.25);
    expect(difference?.bySeed).toEqual([0.5, 0]);
    // Two seeds that differ by 0.5 leave the difference open, within −1 … 1.
    expect([difference?.low, difference?.high]).toEqual([-1, 1]);
    expect(difference?.trainingNoise).toBe("included");
    expect(context?.difference?.["recall@5"].value).toBe(0);
    expect(context?.p).toBeGreaterThan(0.2);
  });

  it("tests it, groups the queries by it and says so", () => {
    const groups = Object.fromEntries(context?.groups.map(({ name, value }) => [name, value.value]) ?? []);
    // 6 of the 12 revisits are of the first 12 people, as are 18 of the 36 others.
    expect(groups).toEqual({ revisits: 0.25, "new items": 0.25 });
    const text = compareTable(comparison);
    expect(text).toMatch(/^Method, with the support pairs .*MRR +Recall@3$/m);
    expect(text).toMatch(/Difference to Plain GRU, Recall@3/);
    expect(text).toMatch(/GRU with context with 0\.250 Recall@3/);
  });
});

describe("a comparison by a metric of lists", () => {
  const lists = (value: number, spread: number) => ({
    "novelty@2": {
      ...{ value, low: value, high: value },
      perPerson: Array.from({ length: people }, (_, p) => value + (p % 2 === 0 ? spread : -spread)),
    },
    "coverage@2": {
      ...{ value: value / 10, low: 0, high: 1 },
      listed: Array.from({ length: people }, (_, p) => [p % value]),
    },
  });
  const gru = named("gru", 1, () => 3, lists(4, 0));
  const context = named("gru-context", 1, () => 3, lists(6, 0.5));

  it("novelty: people's own means, paired, without groups of queries and without advice", () => {
    const comparison = compareResults([gru, context], { metric: "novelty@2" });
    const [window] = comparison.windows;
    expect(window?.methods[1]?.difference?.["novelty@2"]).toMatchObject({ value: 2, bySeed: [2], seeds: [1] });
    expect(window?.methods[1]?.p).toBeLessThan(0.01);
    expect(window?.groups).toEqual([]);
    expect(window?.advice).toBeNull();
    expect(compareTable(comparison)).toMatch(/Novelty@2 \(bits\)[\s\S]*Higher: the interval leaves out 0\./);
  });

  it("coverage: of all people's lists together, with an interval and no test", () => {
    const comparison = compareResults([gru, context], { metric: "coverage@2" });
    const method = comparison.windows[0]?.methods[1];
    expect(method?.fewShot["coverage@2"].value).toBeCloseTo(0.6, 12);
    expect(method?.fewShotBySeed["coverage@2"]).toEqual([0.6]);
    expect(method?.difference?.["coverage@2"].value).toBeCloseTo(0.2, 12);
    // A coverage has no differences of single people: all of them count.
    expect(method?.difference?.["coverage@2"].unequal).toBeGreaterThan(0);
    expect(method?.p).toBeNull();
    expect(compareTable(comparison)).toMatch(/Difference to Plain GRU, Coverage@2: mean over seeds, 95 %/);
  });

  it("refuses results that did not keep it, naming the file and the flag", () => {
    const bare = named("markov", 1, () => 3);
    expect(() => compareResults([gru, bare], { metric: "novelty@2" })).toThrow(
      /markov-1\.json, test people, window first: no novelty@2.*--metrics novelty@2/,
    );
  });

  it("is found in any file of a model that has it", () => {
    const bare = named("gru", 1, () => 3);
    const both = compareResults([bare, { ...gru, name: "again.json" }, context], { metric: "novelty@2" });
    expect(both.windows[0]?.methods.map(({ seeds }) => seeds)).toEqual([[1], [1]]);
    const metric = { name: "novelty@2", kind: "novelty", k: 2 } as const;
    expect(askedMetricRows([bare, gru], [metric], { split: "test" }).map(({ metrics }) => metrics)).toEqual([
      { "novelty@2": { value: 4, low: 4, high: 4 } },
    ]);
  });
});

it.each([
  ["accuracy@1", "Acc@1"],
  ["accuracy@3", "Acc@3"],
  ["ndcg@5", "NDCG@5"],
  ["mrr", "MRR"],
  ["coverage@10", "Coverage@10"],
  ["novelty@10", "Novelty@10 (bits)"],
] as const)("%s is called %s", (name, title) => expect(titleOfMetric(name)).toBe(title));
