import type { AlgorithmName, RankedQuery } from "@kshot/contract";
import type { Evaluation, Results } from "@kshot/contract/schemas";
import { describe, expect, it } from "vitest";
import { compareResults } from "./compare.js";
import { compareTable } from "./compare-table.js";
import type { NamedResults } from "./results.js";
import { fewShotLegend } from "./run-table.js";

const hit: RankedQuery = { label: 0, seen: false, higher: 0, tied: 0 };
const miss: RankedQuery = { ...hit, higher: 5 };

/** One query per person, found or not. */
function evaluation(found: readonly boolean[], place: Partial<Evaluation> = {}): Evaluation {
  return {
    ...{ split: "test", window: "first", k: 5, steps: 0, metrics: {} as Evaluation["metrics"] },
    people: {
      user: found.map((_, p) => `u${p}`),
      historyLength: found.map(() => 5),
      queries: found.map((yes) => [yes ? hit : miss]),
    },
    ...place,
  };
}

function named(
  algorithm: AlgorithmName,
  seed: number,
  evaluations: readonly Evaluation[],
  settings: Record<string, unknown> = {},
): NamedResults {
  const results = {
    ...{ algorithm, k: 5, q: 1, config: { seed, ...settings }, evaluations },
    history: { iteration: [], metaLoss: [], validation: [], alpha: {} },
    alpha: {},
    test: { opened: 1 },
    data: { fingerprint: "a".repeat(64), items: Array.from("0123456789"), people: { train: 9, val: 9, test: 9 } },
  } as unknown as Results;
  return { name: `${algorithm}-${seed}.json`, results };
}

const none = [false, false, false, false];
const one = [true, false, false, false];
const all = [true, true, true, true];
const of = (algorithm: AlgorithmName, figures: Record<number, readonly boolean[]>) =>
  Object.entries(figures).map(([seed, found]) => named(algorithm, Number(seed), [evaluation(found)]));
const compared = (results: readonly NamedResults[]) => compareResults(results).windows[0]!.methods;

describe("pairs trainings by their seed", () => {
  it("the seeds in common, in any order", () => {
    const results = [
      ...of("gru", { 1: none, 2: one, 3: all }),
      // Positions would pair seed 2 with the GRU's seed 1.
      ...of("gru-context", { 2: one, 3: all, 4: all }),
    ];
    const difference = compared(results)[1]!.difference!["accuracy@1"];
    expect(difference.seeds).toEqual([2, 3]);
    expect(difference.bySeed).toEqual([0, 0]);
    expect(compareTable(compareResults(results))).toMatch(/GRU with context: paired by the seeds in common, 2, 3\./);
  });

  it("two against three seeds of a method that does not depend on the seed, in both directions", () => {
    const [markov] = compared([...of("markov", { 1: one, 2: one, 3: one }), ...of("gru", { 1: none, 2: all })]);
    expect(markov!.difference!["accuracy@1"].bySeed).toEqual([0.25, -0.75]);
    const reversed = compareResults([...of("gru", { 4: none, 5: all }), ...of("markov", { 1: one })], {
      reference: "markov",
    });
    expect(reversed.windows[0]!.methods[0]!.difference!["accuracy@1"].bySeed).toEqual([-0.25, 0.75]);
    expect(compareTable(reversed)).not.toContain("in common");
  });

  it.each<[string, NamedResults[], RegExp]>([
    [
      "two trained methods without a seed in common",
      [...of("gru", { 1: none, 2: all }), ...of("gru-context", { 3: none, 4: all, 5: one })],
      /GRU with context and Plain GRU: seeds 3, 4, 5 of the one, seeds 1, 2 of the other/,
    ],
    [
      "a baseline whose people differ with the seed",
      [...of("gru", { 1: none, 2: all }), ...of("markov", { 3: none, 4: all })],
      /Markov .* seeds 3, 4 of the one/,
    ],
  ])("refuses %s", (_, results, message) => expect(() => compareResults(results)).toThrow(message));
});

describe("what the support pairs add", () => {
  const tuned = (seed: number, steps: number) => {
    const at = (step: number, found: readonly boolean[]) => evaluation(found, { steps: step });
    const evaluations = steps === 0 ? [at(0, one)] : [at(0, one), at(steps, all)];
    return named("gru-finetuned", seed, evaluations, { metasgd_config: { num_inner_steps: steps } });
  };

  it.each([
    ["first", [tuned(1, 0), tuned(2, 3)]],
    ["last", [tuned(1, 3), tuned(2, 0)]],
  ])("is shown if the seed that takes no step comes %s", (_, results) => {
    const [method] = compared(results);
    expect(method!.gain!["accuracy@1"].value).toBeCloseTo(0.375, 12);
    expect(method!.zeroShot!["accuracy@1"].value).toBe(0.25);
  });

  it("is omitted if a result was not evaluated without them", () => {
    const only = named("maml", 1, [evaluation(all, { steps: 5 })], { metasgd_config: { num_inner_steps: 5 } });
    expect(compared([only])[0]!.gain).toBeNull();
  });
});

describe("refuses", () => {
  it("results of different splits, naming files and data", () => {
    const results = [...of("gru", { 1: one }), named("markov", 1, [evaluation(one, { split: "val" })])];
    expect(() => compareResults(results)).toThrow(
      /gru-1\.json and markov-1\.json: results of different splits: .*a{64}.*a{64}/,
    );
  });

  it("results of one person: their interval has no width", () => {
    expect(() => compareResults(of("gru", { 1: [true] }))).toThrow(
      /gru-1\.json, test people, window first: results of 1 person/,
    );
  });
});

it("says how many people of the split have the pairs", () => {
  expect(compareTable(compareResults(of("gru", { 1: one })))).toContain(
    "4 of 9 people have the K + Q = 6 pairs; the other people are not evaluated.",
  );
});

it("tells learners that start from fine-tuning apart by what fine-tuning tries", () => {
  const tuned = (rates: number[], lr: number) =>
    named("meta-sgd", 1, [evaluation(one, { steps: 1 }), evaluation(one)], {
      metasgd_config: { warm_start: "tuned", num_inner_steps: 1, inner_lr_init: lr },
      finetune_config: { rates },
    });
  expect(compared([tuned([0.1], 0.1), tuned([0.3], 0.3)]).map(({ name }) => name)).toEqual([
    "Meta-SGD (rates [0.1])",
    "Meta-SGD (rates [0.3])",
  ]);
});

it("the legend has each method's own steps", () => {
  const learner = (algorithm: AlgorithmName, steps: number, warm_start: string | null = null) =>
    named(algorithm, 1, [], { metasgd_config: { num_inner_steps: steps, warm_start } }).results;
  const shown = [learner("gru", 5), learner("maml", 5), learner("anil", 5), learner("gru-finetuned", 1)];
  expect(fewShotLegend(shown)).toBe(
    "Few-shot: with K = 5 support pairs; MAML, ANIL: after 5 inner steps; Fine-tuned GRU: after 1 inner step, chosen on the validation people.",
  );
  expect(fewShotLegend([learner("meta-sgd", 3, "tuned")])).toMatch(/after 3 inner steps, chosen on/);
  expect(fewShotLegend([learner("gru", 5)])).toBe("Few-shot: with K = 5 support pairs.");
});

describe("windows of the same queries of the same people", () => {
  const both = (last: Partial<Evaluation>) => [
    named("gru", 1, [evaluation(one), evaluation(one, { window: "last", ...last })]),
    named("markov", 1, [evaluation(all), evaluation(all, { window: "last", ...last })]),
  ];

  it("are printed once, and are in the data twice", () => {
    const comparison = compareResults(both({}));
    expect(comparison.sameWindows).toBe(true);
    expect(comparison.windows.map(({ window }) => window)).toEqual(["first", "last"]);
    const text = compareTable(comparison);
    expect(text.match(/^Test, window/gm)).toHaveLength(1);
    expect(text).toMatch(/^Test, window `first` and window `last`, which are the same: /);
  });

  it("are two where histories differ", () => {
    const people = { ...evaluation(one).people, historyLength: [5, 6, 7, 8] };
    const comparison = compareResults([
      named("gru", 1, [evaluation(one), { ...evaluation(one), window: "last", people }]),
    ]);
    expect(comparison.sameWindows).toBe(false);
    expect(compareTable(comparison).match(/^Test, window/gm)).toHaveLength(2);
  });
});

describe("files of one model", () => {
  const trained = named("maml", 1, [evaluation(one, { steps: 5 })], { metasgd_config: { num_inner_steps: 5 } });

  it("count once where they add evaluations to each other", () => {
    const curve = named("maml", 1, [evaluation(none, { steps: 0 })], { metasgd_config: { num_inner_steps: 5 } });
    const [method] = compared([trained, curve]);
    expect(method!.seeds).toEqual([1]);
    expect(method!.gain!["accuracy@1"].value).toBe(0.25);
  });

  it("are refused if one adds nothing", () => {
    expect(() => compareResults([trained, { ...trained, name: "again.json" }])).toThrow(/two of MAML with seed 1/);
  });
});

it("the figure of one training has the interval of its results file", () => {
  const interval = { value: 0.25, low: 0.1, high: 0.4 };
  const metrics = { "accuracy@1": interval, "recall@5": interval } as Evaluation["metrics"];
  const [method] = compared([named("gru", 1, [evaluation(one, { metrics })])]);
  expect(method!.fewShot["accuracy@1"]).toEqual(interval);
  // Two hits of four, with ties counted differently from the file: computed again.
  const [other] = compared([named("gru", 1, [evaluation([true, true, false, false], { metrics })])]);
  expect(other!.fewShot["accuracy@1"].value).toBe(0.5);
});

describe("training noise", () => {
  it("is not included with one training, included with several, and absent for counting methods", () => {
    const [gru, markov] = compared([...of("gru", { 1: one }), ...of("markov", { 1: all })]);
    expect([gru!.trainingNoise, markov!.trainingNoise]).toEqual(["left out", "none"]);
    expect(markov!.difference!.mrr.trainingNoise).toBe("left out");
    const [several] = compared(of("gru", { 1: one, 2: none }));
    expect(several!.trainingNoise).toBe("included");
    expect(compareTable(compareResults(of("gru", { 1: one })))).toContain("do not include training noise");
    expect(compareTable(compareResults(of("gru", { 1: one, 2: none })))).toContain("over people and seeds");
    expect(compareTable(compareResults(of("markov", { 1: one })))).not.toContain("raining noise");
  });

  it("makes an interval wider: different seeds, equal people", () => {
    const people = Array.from({ length: 40 }, (_, p) => p < 20);
    const other = people.map((found) => !found);
    const more = people.map((_, p) => p < 34);
    const width = (results: readonly NamedResults[]) => {
      const { low, high } = compared(results)[0]!.fewShot["accuracy@1"];
      return high - low;
    };
    expect(width(of("gru", { 1: people, 2: more }))).toBeGreaterThan(2 * width(of("gru", { 1: people, 2: other })));
  });
});

it("an interval of few people who differ has a caution", () => {
  const zero = Array.from({ length: 40 }, () => false);
  const few = zero.map((_, p) => p < 3);
  const results = [...of("gru", { 1: zero }), ...of("markov", { 1: few })];
  expect(compared(results)[1]!.difference!["accuracy@1"].caution).toMatch(/Only 3 of 40 people differ/);
  expect(compareTable(compareResults(results))).toMatch(/Markov .*: Only 3 of 40 people differ/);
});
