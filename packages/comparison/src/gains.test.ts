import { describe, expect, it } from "vitest";
import { expertSharesOf } from "./expert-shares.js";
import { gainsAt } from "./gains.js";
import { groupMatrix, groupsAt } from "./group-matrix.js";
import { listedItemsAt } from "./listed-items.js";
import { methodsOf } from "./methods.js";
import { popularityGroups } from "./query-groups.js";
import type { ComparableResults, NamedResults } from "./results.js";
import { trainingSeconds, trainingSecondsOf } from "./training-cost.js";

const place = { split: "test", window: "first" } as const;
const people = 40;

/** One learner: hits with and without the support pairs by person and query, items 0 to 3, taken 1, 2, 4 and 8 times in training. */
function file(
  algorithm: string,
  hit: (person: number, query: number, steps: number) => boolean,
  more: Partial<ComparableResults> = {},
): NamedResults {
  const metrics = Object.fromEntries(
    ["accuracy@1", "recall@5", "recall@10", "ndcg@10", "mrr"].map((name) => [name, { value: 0.5, low: 0, high: 1 }]),
  );
  const evaluation = (steps: number) => ({
    ...{ split: "test", window: "first", k: 5, steps, metrics },
    people: {
      user: Array.from({ length: people }, (_, p) => `u${p}`),
      historyLength: Array.from({ length: people }, (_, p) => 5 + (p % 8)),
      queries: Array.from({ length: people }, (_, p) =>
        [0, 1, 2, 3].map((q) => ({ label: q, seen: q < 2, higher: hit(p, q, steps) ? 0 : 3, tied: 0 })),
      ),
      top: Array.from({ length: people }, (_, p) => (steps === 0 ? [0, 1] : [p % 2, 2 + (p % 2)])),
    },
  });
  const results = {
    schema: "kshot.results/1",
    ...{ algorithm, k: 5, q: 4 },
    config: { seed: 1, metasgd_config: { num_inner_steps: 2 } },
    data: {
      fingerprint: "a".repeat(64),
      items: ["a", "b", "c", "d"],
      people: { train: 1, val: 1, test: people },
      trainPairs: [1, 2, 4, 8],
    },
    evaluations: algorithm === "gru" ? [evaluation(0)] : [evaluation(0), evaluation(2)],
    history: { iteration: [10, 20, 40], metaLoss: [1, 1, 1], validation: [], alpha: {} },
    alpha: {},
    test: { opened: 1 },
    volatile: { runId: algorithm, createdAt: "", secondsPerIteration: [0.1, 0.2, 0.3] },
    ...more,
  } as unknown as ComparableResults;
  return { name: algorithm, results };
}

// With the pairs: every revisit is right, no new item. Without: half of both.
const mixed = (p: number, q: number, steps: number) => (steps === 0 ? (p + q) % 2 === 0 : q < 2);

describe("gains from the support pairs", () => {
  it("are of each method that uses them, for all queries, revisits and new items, by hand", () => {
    const [found, ...rest] = gainsAt(methodsOf([file("meta-sgd", mixed), file("gru", mixed)]), place, "accuracy@1");
    expect(rest).toEqual([]);
    expect(found?.method.algorithm).toBe("meta-sgd");
    expect(found?.groups.map(({ name, queries, gain }) => [name, queries, gain.value])).toEqual([
      ["all queries", 160, 0],
      ["revisits", 80, 0.5],
      ["new items", 80, -0.5],
    ]);
    for (const { gain, bySeed } of found?.groups ?? []) {
      expect(bySeed).toEqual([gain.value]);
      expect(gain.low).toBeLessThanOrEqual(gain.value);
    }
  });

  it("are by popularity of the item taken, if the results have numbers of train pairs", () => {
    const [method] = methodsOf([file("meta-sgd", (_, q, steps) => steps > 0 && q === 3)]);
    const groups = groupsAt(method!, place, { length: false }).slice(3);
    expect(groups.map(({ name }) => name)).toEqual([
      "taken once",
      "taken 2 times",
      "taken 3 to 4 times",
      "taken 5 to 8 times",
    ]);
    const [found] = gainsAt([method!], place, "accuracy@1", groups);
    expect(found?.groups.map(({ gain }) => gain.value)).toEqual([0, 0, 0, 1]);
    expect(popularityGroups([3, 3], [0, 1, 1])).toEqual([]);
  });
});

it("the matrix has each method's figure for each group, with lengths and popularity cut at quartiles", () => {
  const matrix = groupMatrix(methodsOf([file("meta-sgd", mixed), file("gru", mixed)]), place, "accuracy@1")!;
  expect(matrix.groups.map(({ name }) => name)).toEqual([
    ...["all queries", "revisits", "new items"],
    ...["5 to 6 pairs before", "7 to 8 pairs before", "9 to 10 pairs before", "11 to 12 pairs before"],
    ...["taken once", "taken 2 times", "taken 3 to 4 times", "taken 5 to 8 times"],
  ]);
  expect(matrix.rows.map(({ method, values }) => [method.algorithm, ...values.slice(0, 3)])).toEqual([
    ["meta-sgd", 0.5, 1, 0],
    ["gru", 0.5, 0.5, 0.5],
  ]);
  expect(matrix.groups.reduce((sum, { queries }, i) => sum + (i > 2 && i < 7 ? queries : 0), 0)).toBe(160);
});

it("coverage and novelty are of the lists with and without the pairs, by hand", () => {
  const [learner, plain] = listedItemsAt(methodsOf([file("meta-sgd", mixed), file("gru", mixed)]), place);
  // Lists [0, 2] and [1, 3] cover all four items, [0, 1] two of them.
  expect([learner?.coverage.few.value, learner?.coverage.zero?.value]).toEqual([1, 0.5]);
  expect(plain?.coverage.zero).toBeNull();
  // No item is in one person's lists alone, so no person's absence changes the coverage.
  expect(learner?.coverage.few).toMatchObject({ low: 1, high: 1 });
  const bits = (count: number) => -Math.log2((count + 1) / 19);
  expect(learner?.novelty?.zero?.value).toBeCloseTo((bits(1) + bits(2)) / 2, 12);
  expect(learner?.novelty?.few.value).toBeCloseTo((bits(1) + bits(4) + bits(2) + bits(8)) / 4, 12);
});

it("the interval of a coverage is the jackknife's, by hand", () => {
  const one = file("gru", mixed);
  // Item 3 is in the first person's list alone: without them the coverage is 2/4 instead of 3/4.
  for (const { people: own } of one.results.evaluations) own.top = own.user.map((_, p) => (p === 0 ? [0, 3] : [0, 1]));
  const [found] = listedItemsAt(methodsOf([one]), place);
  const shares = [2 / 4, ...Array.from({ length: people - 1 }, () => 3 / 4)];
  const mean = shares.reduce((sum, share) => sum + share, 0) / people;
  const squares = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0);
  const margin = 1.96 * Math.sqrt(((people - 1) / people) * squares);
  expect(found?.coverage.few.value).toBe(0.75);
  expect(found?.coverage.few.low).toBeCloseTo(0.75 - margin, 12);
  expect(found?.coverage.few.high).toBeCloseTo(Math.min(1, 0.75 + margin), 12);
});

it("training time is the seconds of each entry times its iterations", () => {
  const one = file("meta-sgd", mixed);
  expect(trainingSeconds(one.results)).toBeCloseTo(10 * 0.1 + 10 * 0.2 + 20 * 0.3, 12);
  const counted = file("gru", mixed);
  const { results } = counted;
  const untimed = { ...counted, results: { ...results, volatile: { ...results.volatile, secondsPerIteration: [] } } };
  expect(trainingSecondsOf({ files: [one, untimed] })).toBeNull();
});

it("the value of an expert is the loss without it minus the loss with it, mean over seeds, the most valuable first", () => {
  const stack = (seed: number, without: number) =>
    file("hybrid", mixed, {
      config: { seed },
      stack: {
        loss: 2,
        examples: 90,
        shares: [
          { name: "popularity", weight: 0.1, lossWithout: 2.01 },
          { name: "gru-context", weight: 0.9, lossWithout: without },
          { name: "ease", weight: 0, lossWithout: null },
        ],
      },
    });
  const [found] = expertSharesOf(methodsOf([stack(1, 2.2), stack(2, 2.4)]));
  expect(found?.loss).toBe(2);
  expect(found?.experts.map(({ name }) => name)).toEqual(["GRU with context", "Popularity", "EASE"]);
  expect(found?.experts[0]?.worth).toBeCloseTo(0.3, 12);
  expect(found?.experts[0]?.worthBySeed.map((one) => Number(one.toFixed(9)))).toEqual([0.2, 0.4]);
  expect(found?.experts[2]?.worth).toBeNull();
});
