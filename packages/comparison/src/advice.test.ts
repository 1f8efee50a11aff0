import type { AlgorithmName, RankedQuery } from "@kshot/contract";
import type { Evaluation, Results } from "@kshot/contract/schemas";
import { describe, expect, it } from "vitest";
import { type Advice, adviceLines, adviceOf } from "./advice.js";
import { compareResults } from "./compare.js";
import { compareTable } from "./compare-table.js";
import { methodsOf } from "./methods.js";
import type { NamedResults } from "./results.js";
import { runAdvice } from "./run-advice.js";

const place = { split: "test", window: "first" } as const;

/** Share of hits among ten revisits and ten new items of each person, without and with the support pairs. */
interface Rates {
  readonly revisits: readonly [zero: number, few: number];
  readonly fresh: readonly [zero: number, few: number];
}

interface Shape extends Partial<Rates> {
  readonly algorithm?: AlgorithmName;
  readonly people?: number;
  readonly fingerprint?: string;
  /** The one inner rate of every parameter. */
  readonly alpha?: number;
  readonly opened?: number;
  /** Whether nothing counts as seen without the support pairs. */
  readonly forgets?: boolean;
}

function made({
  algorithm = "meta-sgd",
  people = 40,
  fingerprint = "a",
  alpha = 0.1,
  opened = 1,
  forgets = false,
  revisits = [0.3, 0.3],
  fresh = [0.3, 0.3],
}: Shape): NamedResults {
  const entry = (steps: number): Evaluation => {
    const at = steps === 0 ? 0 : 1;
    const query = (seen: boolean, share: number, p: number, i: number): RankedQuery => ({
      ...{ label: 0, tied: 0, seen: seen && !(forgets && at === 0) },
      // People differ a little, so that intervals have a width.
      higher: i < Math.round(10 * share) + (p % 2 === at ? 0 : 1) ? 0 : 5,
    });
    const ten = Array.from({ length: 10 }, (_, i) => i);
    return {
      ...{ split: "test", window: "first", k: 5, steps, metrics: {} as Evaluation["metrics"] },
      people: {
        user: Array.from({ length: people }, (_, p) => `u${p}`),
        historyLength: Array.from({ length: people }, () => 5),
        queries: Array.from({ length: people }, (_, p) => [
          ...ten.map((i) => query(true, revisits[at], p, i)),
          ...ten.map((i) => query(false, fresh[at], p, i)),
        ]),
      },
    };
  };
  const adapts = algorithm === "meta-sgd" || algorithm === "maml";
  const results = {
    ...{ algorithm, k: 5, q: 20, config: { seed: 1, metasgd_config: { num_inner_steps: 2 } } },
    evaluations: adapts ? [entry(0), entry(2)] : [entry(0)],
    history: { iteration: [], metaLoss: [], validation: [], alpha: {} },
    alpha: adapts
      ? {
          "fc.bias": {
            shape: [2],
            histogram: { edges: [0, 1], counts: [2] },
            atLow: 0,
            atHigh: 0,
            matrix: [[alpha, alpha]],
          },
        }
      : {},
    test: { opened },
    data: {
      fingerprint: fingerprint.repeat(64),
      items: Array.from("0123456789"),
      people: { train: 9, val: 9, test: people },
    },
  } as unknown as Results;
  return { name: `${algorithm}.json`, results };
}

const advice = (...shapes: Shape[]) => adviceOf(methodsOf(shapes.map(made)), place, "accuracy@1");

describe("the verdict follows from the gains of revisits and new items", () => {
  const up = [0.3, 0.6] as const;
  const down = [0.6, 0.3] as const;
  const same = [0.3, 0.3] as const;
  it.each<[Advice["verdict"], string, Rates]>([
    ["yes", "Adapt? Yes.", { revisits: up, fresh: up }],
    ["yes", "Adapt? Yes.", { revisits: up, fresh: same }],
    ["only", "Adapt? Only for revisits.", { revisits: up, fresh: down }],
    // More is gained on revisits than is lost on new items.
    ["only", "Adapt? Only for revisits.", { revisits: [0.2, 0.9], fresh: [0.6, 0.4] }],
    ["only", "Adapt? Only for new items.", { revisits: down, fresh: up }],
    ["no", "Adapt? No: it hurts new items.", { revisits: same, fresh: down }],
    ["no", "Adapt? No.", { revisits: down, fresh: down }],
    ["unclear", "Adapt? No clear gain.", { revisits: same, fresh: same }],
  ])("%s: %s", (verdict, headline, rates) => {
    expect(advice(rates)).toMatchObject({ verdict, headline });
  });

  it("in points, with the gains as numbers", () => {
    const found = advice({ revisits: up, fresh: [0.5, 0.4] });
    expect(found?.gains.map(({ name, queries, gain }) => [name, queries, Math.round(1000 * gain.value)])).toEqual([
      ["all queries", 800, 100],
      ["revisits", 400, 300],
      ["new items", 400, -100],
    ]);
    expect(found?.reason).toMatch(
      /changes Acc@1 of Meta-SGD by \+10\.0 points on all queries \(95 % interval .*\+30\.0 points on revisits .*−10\.0 points on new items \(95 % interval −/,
    );
  });

  it("queries are revisits by what is known with the support pairs", () => {
    expect(advice({ revisits: up, fresh: down, forgets: true })).toEqual(advice({ revisits: up, fresh: down }));
  });
});

describe("no verdict, and why", () => {
  const good = { revisits: [0.2, 0.8], fresh: [0.2, 0.8] } as const;
  it.each<[string, Shape[], RegExp]>([
    ["19 people", [{ ...good, people: 19 }], /only 19 people; a verdict needs at least 20 people/],
    ["one person", [{ ...good, people: 1 }], /^There is only one person; a verdict needs/],
    ["people without an evaluation", [{ ...good, people: 0 }], /^No person was evaluated; a verdict needs/],
    ["two data sets", [good, { ...good, algorithm: "gru", fingerprint: "b" }], /2 different data sets/],
    ["α = 0", [{ ...good, alpha: 0 }], /does not adapt: it takes no inner step/],
    ["nothing adapts", [{ algorithm: "gru" }], /No open result adapts/],
  ])("%s", (_, shapes, reason) => {
    expect(advice(...shapes)).toMatchObject({ verdict: "none", headline: "Adapt? No verdict.", gains: [] });
    expect(advice(...shapes)?.reason).toMatch(reason);
  });
  it("of different data sets: no comparison is counted", () =>
    expect(advice(good, { ...good, algorithm: "gru", fingerprint: "b" })?.behind).toBe(
      "Basis: 2 methods, without a comparison.",
    ));
  it("20 people are enough", () => expect(advice({ ...good, people: 20 })?.verdict).toBe("yes"));
});

describe("a gain that does not reach a method without the pairs", () => {
  const gains = { revisits: [0.3, 0.6], fresh: [0.3, 0.6] } as const;
  it.each([
    [
      { algorithm: "markov", revisits: [0.9, 0.9], fresh: [0.9, 0.9] },
      "no",
      /^Adapt\? No: Markov .* is clearly better without it\.$/,
    ],
    [{ algorithm: "markov", revisits: [0.5, 0.5], fresh: [0.5, 0.5] }, "yes", /^Adapt\? Yes\.$/],
    [{ algorithm: "maml", revisits: [0.3, 0.9], fresh: [0.3, 0.9] }, "yes", /^Adapt\? Yes\.$/],
  ] as const)("next to %j: %s", (other, verdict, headline) => {
    expect(advice(gains, other)).toMatchObject({ verdict, headline: expect.stringMatching(headline) });
  });
});

describe("the winner", () => {
  it("and the methods that it does not differ clearly from; a bound is not included", () => {
    const found = advice(
      { algorithm: "markov", revisits: [0.8, 0.8] },
      { algorithm: "popularity", revisits: [0.8, 0.8] },
      { algorithm: "gru", revisits: [0.2, 0.2] },
      { algorithm: "ideal", revisits: [1, 1], fresh: [1, 1] },
    );
    expect(found?.winner).toMatch(
      /^The highest of 3 methods is Markov \(first order\) with 0\.600 Acc@1\. It does not differ clearly from Popularity:/,
    );
  });
  it("which method to use: a counting one if it is the best, and the simpler one if there is no clear difference", () => {
    const best = { revisits: [0.8, 0.8] } as const;
    const winner = advice({ algorithm: "markov", ...best }, { algorithm: "gru", revisits: [0.2, 0.2] });
    expect(winner?.use).toBe(
      "Which method to use: Markov (first order). It is a counting method and trains no network.",
    );
    const alike = advice({ algorithm: "gru", ...best }, { algorithm: "markov", ...best });
    expect(alike?.use).toBe(
      "Which method to use: Plain GRU. Markov (first order) does not differ clearly from it and trains no network: it is the simpler choice.",
    );
    expect(advice({ algorithm: "gru", ...best }, { algorithm: "markov" })?.use).toBe("Which method to use: Plain GRU.");
    expect(advice({ algorithm: "gru", ...best, people: 19 })?.use).toBeNull();
  });
  it("what learned rates add over one fixed rate, and the share of the ceiling", () => {
    const rates = { revisits: [0.3, 0.5], fresh: [0.3, 0.5] } as const;
    const fixed = { algorithm: "maml", revisits: [0.3, 0.4], fresh: [0.3, 0.4] } as const;
    const found = advice(
      { ...rates },
      { ...fixed },
      { algorithm: "gru" },
      {
        ...{ algorithm: "ideal", revisits: [0.7, 0.7], fresh: [0.7, 0.7] },
      },
    );
    expect(found?.facts).toEqual([
      "Gain of learned rates over one fixed rate (Meta-SGD minus MAML): +10.0 points of Acc@1 (95 % interval +10.0 to +10.0); learned rates are clearly better.",
      expect.stringMatching(/^Meta-SGD has \d+ % of the possible gain over Plain GRU \(ceiling: 0\.\d{3} Acc@1\)\.$/),
    ]);
    // (few − GRU) / (ceiling − GRU), by hand: people with an odd number have one hit more without the pairs, one fewer with them.
    const share = /has (\d+) %/.exec(found?.facts[1] ?? "")?.[1];
    expect(Number(share)).toBe(Math.round((100 * (0.55 - 0.35)) / (0.75 - 0.35)));
    expect(advice(rates, { algorithm: "gru" })?.facts).toEqual([]);
  });
  it("the number of comparisons behind it, and how often the people were evaluated", () => {
    const found = advice({ opened: 3 }, { algorithm: "gru" }, { algorithm: "maml", revisits: [0.3, 0.5] });
    expect(found?.behind).toMatch(/best of 3 methods in 2 paired comparisons, .* on 40 test people.*evaluated 3 times/);
  });
});

it("a run's own table has the same sentences, except for the method to use, which `whichToUse` names", () => {
  const results = [made({ algorithm: "gru" }), made({ revisits: [0.3, 0.6], fresh: [0.6, 0.3] })];
  const [own] = compareResults(results, { windows: ["first"] }).windows;
  const text = runAdvice(
    results.map((one) => one.results),
    { split: "test" },
  );
  expect(text.split("\n").slice(1)).toEqual(own?.advice ? adviceLines({ ...own.advice, use: null }) : []);
  expect(text).not.toContain("Which method to use");
});

it("the terminal prints it above the figures", () => {
  const results = [made({ algorithm: "gru" }), made({ revisits: [0.3, 0.6], fresh: [0.6, 0.3] })];
  const comparison = compareResults(results, { windows: ["first"] });
  const text = compareTable(comparison);
  expect(text.split("\n")[1]).toMatch(/^Adapt\? Only for revisits\. Adapting to the support pairs/);
  expect(text).toContain(comparison.windows[0]?.advice?.behind);
});
