import type { AlgorithmName, Interval, RankedQuery } from "@kshot/contract";
import type { Evaluation, PersonalSignal, Results, Swap } from "@kshot/contract/schemas";
import { describe, expect, it } from "vitest";
import { adviceOf } from "./advice.js";
import { methodsOf } from "./methods.js";
import { noPersonalSignal, noSignalInCounts, personalVerdict, signalVerdict } from "./personal-signal.js";
import { swapSentence, swapsAt } from "./swap.js";

const people = 40;
const place = { split: "test", window: "first" } as const;
const user = Array.from({ length: people }, (_, p) => `u${p}`);
const query = (found: boolean): RankedQuery => ({ label: 0, seen: false, higher: found ? 0 : 9, tied: 0 });

/** MAML: without pairs a tenth is found; with own and others' pairs the given Acc@1 per person. */
function maml(own: (p: number) => number, others: (p: number) => number, more: Partial<Results> = {}) {
  const figures = (of: (p: number) => number) => {
    const values = user.map((_, p) => of(p));
    return { "accuracy@1": values, "recall@5": values, "recall@10": values, "ndcg@10": values, mrr: values };
  };
  const evaluation = (steps: number, found: (p: number) => boolean): Evaluation => ({
    ...{ split: "test", window: "first", k: 5, steps, metrics: {} as Evaluation["metrics"] },
    people: { user, historyLength: user.map(() => 5), queries: user.map((_, p) => [query(found(p))]) },
  });
  const swap = {
    ...place,
    k: 5,
    steps: 5,
    draws: 5,
    lost: {},
    people: { user, queries: user.map(() => 1), own: figures(own), others: figures(others) },
  };
  const results = {
    ...{ algorithm: "maml" as AlgorithmName, k: 5, q: 1, config: { seed: 1, metasgd_config: { num_inner_steps: 5 } } },
    evaluations: [evaluation(0, (p) => p % 10 === 0), evaluation(5, (p) => own(p) > 0.5)],
    history: { iteration: [], metaLoss: [], validation: [], alpha: {} },
    ...{ alpha: {}, test: { opened: 1 }, swap: [swap as unknown as Swap] },
    data: { fingerprint: "a".repeat(64), items: Array.from("0123456789"), people: { train: 9, val: 9, test: people } },
    ...more,
  } as unknown as Results;
  return methodsOf([{ name: "maml.json", results }]);
}

const signal = (gain: Interval | null, count = 30): PersonalSignal => ({ people: count, queries: 10 * count, gain });
const none = signal({ value: 0.001, low: -0.004, high: 0.006 });

describe("the swap of a method", () => {
  it("gives the personal and the general part of the gain", () => {
    const [found] = swapsAt(
      maml(
        (p) => Number(p % 2 === 0),
        (p) => Number(p % 4 === 0),
      ),
      place,
      "accuracy@1",
    );
    expect(found?.lost.value).toBeCloseTo(0.25, 12);
    expect(found?.gain?.value).toBeCloseTo(0.4, 12);
    expect(found?.fromAnyPairs?.value).toBeCloseTo(0.15, 12);
    expect(swapSentence(found!)).toMatch(
      /^MAML: own support pairs gain \+40\.0 \[.*\]\. Other people's pairs gain \+15\.0 \[.*\]\. The difference, \+25\.0 \[.*\], is the personal part\.$/,
    );
  });

  it("is not there for another window", () => {
    expect(
      swapsAt(
        maml(
          () => 1,
          () => 0,
        ),
        { split: "test", window: "last" },
        "mrr",
      ),
    ).toEqual([]);
  });
});

describe("the swap of a stack", () => {
  /** The same as MAML, but of a stack that reads the pairs, for every fourth person. */
  function stack() {
    const [{ files }] = maml(
      () => 1,
      (p) => Number(p % 2 === 0),
      { personal: none },
    ) as [ReturnType<typeof maml>[number]];
    const [{ results }] = files;
    const { people: all, ...swap } = results.swap![0]!;
    const some = <T>(list: readonly T[]) => list.filter((_, p) => p % 4 === 1);
    const figures = (of: typeof all.own) =>
      Object.fromEntries(Object.entries(of).map(([name, values]) => [name, some(values)])) as typeof all.own;
    const fewer = {
      ...{ user: some(all.user), queries: some(all.queries) },
      ...{ own: figures(all.own), others: figures(all.others) },
    };
    const evaluations = results.evaluations.map((one) => ({ ...one, k: one.steps === 0 ? 0 : 5, steps: 0 }));
    return {
      ...results,
      ...{ algorithm: "mixture" as const, evaluations, swap: [{ ...swap, draws: 1, of: people, people: fewer }] },
    };
  }

  it("is of some people, with their own figures without pairs", () => {
    const [found] = swapsAt(methodsOf([{ name: "mixture.json", results: stack() }]), place, "accuracy@1");
    expect(found).toMatchObject({ algorithm: "mixture", people: 10, of: 40, draws: 1 });
    // Every fourth person, from the second: all are found with own pairs, none with others'; without pairs none of 1, 5, 9 … is.
    expect(found?.lost.value).toBeCloseTo(1, 12);
    expect(found?.gain?.value).toBeCloseTo(1, 12);
    expect(found?.fromAnyPairs?.value).toBeCloseTo(0, 12);
    expect(swapSentence(found!)).toMatch(/^Mixture of counts \(10 of 40 people\): own support pairs gain \+100\.0/);
  });

  it("is evidence and makes no verdict: revisits are not adaptation", () => {
    const found = personalVerdict(methodsOf([{ name: "mixture.json", results: stack() }]), place, "accuracy@1");
    expect(found.verdict).toBe("none");
    expect(found.evidence[1]).toMatch(/^Mixture of counts/);
  });
});

describe("the method that the sentence of no personal signal names", () => {
  /** A method whose labels rank first for the people for whom `found` says so, and tenth for the others. */
  function plain(
    algorithm: AlgorithmName,
    found: (p: number) => boolean,
    gain: Interval | null = { value: 0, low: -0.004, high: 0.004 },
  ) {
    const [{ files }] = maml(
      () => 1,
      () => 1,
      { personal: none, swap: [] },
    ) as [ReturnType<typeof maml>[number]];
    const [{ results }] = files;
    const entry = results.evaluations[algorithm === "maml" ? 1 : 0] as Evaluation;
    const queries = user.map((_, p) => [query(found(p))]);
    const evaluations = [{ ...entry, people: { ...entry.people, queries } }];
    const own = { ...results, algorithm, evaluations, personal: signal(gain) };
    return { name: `${algorithm}.json`, results: own as unknown as Results };
  }
  const most = (p: number) => p % 10 !== 0;
  const half = (p: number) => p % 2 === 0;
  const few = (p: number) => p % 10 === 0;
  const nearlyMost = (p: number) => p !== 1 && most(p);

  it.each([
    ["hybrid is the highest", [plain("hybrid", most), plain("variable-markov", half)], "hybrid"],
    ["hybrid does not differ clearly", [plain("hybrid", nearlyMost), plain("variable-markov", most)], "hybrid"],
    ["hybrid is clearly below", [plain("hybrid", half), plain("variable-markov", most)], "Markov (variable order)"],
    ["hybrid is missing", [plain("gru", few), plain("variable-markov", most)], "Markov (variable order)"],
    [
      "every person has one session",
      [plain("hybrid", half, null), plain("variable-markov", most, null)],
      "Markov (variable order)",
    ],
    ["the highest adapts, and hybrid is missing", [plain("maml", most), plain("markov", half)], "hybrid"],
    ["there is one method", [plain("variable-markov", most)], "hybrid"],
  ])("where %s", (_, files, use) => {
    const methods = methodsOf(files);
    const { verdict, sentence } = personalVerdict(methods, place, "mrr");
    expect(verdict).toBe("none");
    // No swap of a network: counts alone cannot exclude a signal, except where there are no other sessions.
    const oneSession = files.some(({ results }) => results.personal?.gain === null);
    expect(sentence).toBe(oneSession ? noPersonalSignal(use) : noSignalInCounts(use));
    expect(sentence).toMatch(`use ${use}.`);
    // The advice on the same page never names another one that is clearly better.
    const advised = adviceOf(methods, place, "mrr")?.use;
    if (use !== "hybrid") expect(advised).toMatch(`Which method to use: ${use}.`);
  });
});

describe("the verdict", () => {
  const half = (p: number) => Number(p % 2 === 0);
  it.each([
    ["nothing lost, nothing gained", maml(half, half, { personal: none }), "none", noPersonalSignal()],
    ["much lost", maml(() => 1, half, { personal: none }), "personal", /^For MAML, a person's own pairs add more/],
    [
      "other people's pairs disturb, own pairs gain nothing",
      maml(
        (p) => Number(p % 10 === 0),
        () => 0,
        { personal: signal({ value: 0.004, low: 0.001, high: 0.018 }) },
      ),
      "personal",
      /but no method here learns it from a person's own pairs/,
    ],
    [
      "the same without a gain of other sessions",
      maml(
        (p) => Number(p % 10 === 0),
        () => 0,
        { personal: none },
      ),
      "unclear",
      /^No personal signal outside the session is clearly above 0 here/,
    ],
    [
      "other sessions help",
      maml(() => 1, half, { personal: signal({ value: 0.018, low: 0.007, high: 0.028 }) }),
      "personal",
      /adapting can improve the results/,
    ],
    [
      "other sessions help, nothing lost",
      maml(half, half, { personal: signal({ value: 0.018, low: 0.007, high: 0.028 }) }),
      "personal",
      /no method here learns it/,
    ],
    [
      "an interval too wide to say",
      maml(half, half, { personal: signal({ value: 0.01, low: -0.02, high: 0.04 }) }),
      "unclear",
      /a gain of up to \+4\.0 points is not excluded/,
    ],
    ["neither looked for", maml(half, half, { swap: [] }), "unknown", /not known/],
  ] as const)("%s", (_, methods, verdict, sentence) => {
    const found = personalVerdict(methods, place, "mrr");
    expect(found.verdict).toBe(verdict);
    expect(found.sentence).toMatch(sentence);
  });

  it("of data alone: one session a person holds nothing outside; too few people say nothing", () => {
    expect(signalVerdict(signal(null))).toMatchObject({ verdict: "none", sentence: noPersonalSignal() });
    expect(signalVerdict(signal(null, 1)).verdict).toBe("unknown");
    expect(signalVerdict(none).evidence).toEqual([
      "On 30 validation people (300 queries) the items of a person's other sessions add +0.1 [−0.4, +0.6] points of MRR to the mixture of counts.",
    ]);
  });
});
