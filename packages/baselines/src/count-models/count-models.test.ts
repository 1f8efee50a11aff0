import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pairTable as table } from "../../test/pair-table.js";
import {
  type CountModelName,
  countModelKind,
  countModelKinds,
  decodeCountModel,
  personHistory,
  tuneCountModel,
} from "../index.js";

const names = Object.keys(countModelKinds) as CountModelName[];
const noRepeat = (list: number[]) => list.every((item, i) => i === 0 || item !== list[i - 1]);
const session = fc.array(fc.nat(7), { minLength: 2, maxLength: 6 }).filter(noRepeat);
const sessions = fc.array(session, { minLength: 1, maxLength: 12 });

describe.each(names)("%s", (name) => {
  it("gives a probability of every item, and never the last item of the prefix", () => {
    fc.assert(
      fc.property(sessions, session, session, fc.nat(7), (own, query, past, label) => {
        const countModel = countModelKind(name).fit(table(own), 8);
        const support = { sequences: [past], labels: [label] };
        const p = countModel.logProbabilities(query, support).map(Math.exp);
        expect(p.reduce((a, b) => a + b)).toBeCloseTo(1, 10);
        const scores = countModel.scores(query, support);
        expect(scores.every((score, i) => (i === query.at(-1) ? score === 0 : score > 0))).toBe(true);
        expect(scores).toEqual(countModel.scores(query, structuredClone(support)));
      }),
      { numRuns: 50 },
    );
  });

  it("scores to the bit as before, when stored and opened again", () => {
    const countModel = countModelKind(name).fit(
      table([
        [0, 1, 2],
        [3, 4],
        [0, 2, 5],
        [1, 2],
      ]),
      8,
    );
    const stored = structuredClone(countModel.encode());
    expect(JSON.parse(JSON.stringify({ ...stored, tensors: {} })).name).toBe(name);
    const support = { sequences: [[3]], labels: [4] };
    expect(decodeCountModel(stored).scores([0, 1], support)).toEqual(countModel.scores([0, 1], support));
  });

  it("lets an item follow itself where train pairs do", () => {
    const p = countModelKind(name)
      .fit(table([[1, 1, 1, 2]]), 3)
      .scores([0, 1], null);
    expect(p[1]).toBeGreaterThan(0);
  });

  it.each([[[]], [[8]], [[-1]]])("refuses the query %j", (query) => {
    const countModel = countModelKind(name).fit(table([[0, 1]]), 8);
    expect(() => countModel.logProbabilities(query, null)).toThrow(/query prefix/);
  });

  it("refuses an item outside the vocabulary", () => {
    expect(() => countModelKind(name).fit(table([[9, 1]]), 8)).toThrow(/row 0: item 9/);
  });
});

describe("variable-markov", () => {
  it("backs off from order to order: the worked example", () => {
    // Pairs 0→1, (0,1)→2, 0→1, (0,1)→3, 4→1, (4,1)→5: after 4, 1 order 2 has seen 5 alone.
    const train = table([
      [0, 1, 2],
      [0, 1, 3],
      [4, 1, 5],
    ]);
    const p = countModelKind("variable-markov").fit(train, 6, { orders: 2, first: 8, higher: 4 }).scores([4, 1], null);
    const p0 = 2 / 12;
    const first = (1 + 8 * p0) / 11;
    const second = (1 + 4 * first) / 5;
    // The share that item 1, which cannot follow itself, would have had, goes to the others.
    const own = (4 * ((8 * 4) / 12 / 11)) / 5;
    expect(p[5]).toBeCloseTo((second * (1 - 0.5 / 7)) / (1 - own), 6);
  });
});

it("sequential rules weigh a follower by 1/distance, and antecedents by 1/place", () => {
  const countModel = countModelKind("sequential-rules").fit(table([[0, 1, 2]]), 4, {
    last: 2,
    steps: 2,
    backOff: 1e-9,
  });
  const p = countModel.scores([0, 3], null);
  expect(p[1]! / p[2]!).toBeCloseTo(2, 5);
});

it("sequence-knn lets sessions vote for what came after the latest shared item", () => {
  const p = countModelKind("sequence-knn")
    .fit(
      table([
        [5, 0, 1, 2],
        [3, 4],
      ]),
      6,
      { backOff: 1e-9 },
    )
    .scores([0, 1], null);
  expect(p[2]).toBeCloseTo(1 - 0.5 / 5, 5);
  // After 0 came 1, then 2: votes of 1 and 1/2.
  const both = countModelKind("sequence-knn")
    .fit(
      table([
        [5, 0, 1, 2],
        [3, 4],
      ]),
      6,
      { backOff: 1e-9 },
    )
    .scores([0], null);
  expect(both[1]! / both[2]!).toBeCloseTo(2, 5);
});

it.each([
  ["one session, nested pairs, continued by the query", [0, 1, 2, 3], [[0], [0, 1]], [1, 2], [[0, 1, 2, 3]]],
  ["two sessions before", [7], [[0], [4], [4, 5]], [1, 5, 6], [[0, 1], [4, 5, 6], [7]]],
  ["a prefix cut on its left", [2, 3, 4], [[0], [0, 1], [0, 1, 2]], [1, 2, 3], [[0, 1, 2, 3, 4]]],
  [
    "a session that begins as the one before ended",
    [1, 5],
    [[0]],
    [1],
    [
      [0, 1],
      [1, 5],
    ],
  ],
])("a person's history: %s", (_, query, sequences, labels, expected) => {
  expect(personHistory(query, { sequences, labels })).toEqual(expected);
  expect(personHistory(query, null)).toEqual([query]);
});

it("refuses options with which similarities are not finite, at a fit and in a stored model", () => {
  const train = table([[0, 1, 2]]);
  const stan = countModelKind("stan");
  expect(() => stan.fit(train, 3, { lambda1: -0.1 })).toThrow(/stan, lambda1: -0.1. Expected a number from 0.01/);
  expect(() => stan.fit(train, 3, { lambda3: Number.NaN })).toThrow(/lambda3/);
  const stored = stan.fit(train, 3).encode();
  expect(() => stan.decode({ ...stored, options: { ...stored.options, lambda2: -1 } })).toThrow(/lambda2/);
  expect(() => countModelKind("sequence-knn").fit(train, 3, { decay: 2 })).toThrow(/sequence-knn, decay: 2/);
});

it("tunes on validation queries and reports every setting", () => {
  const train = table([
    [0, 1, 2],
    [0, 1, 2],
    [3, 1, 4],
    [3, 1, 4],
    [3, 1, 4],
  ]);
  const validation = [{ query: [0, 1], support: null, label: 2 }];
  const score = (scores: Float64Array, label: number) => (scores[label] === Math.max(...scores) ? 1 : 0);
  const { best, tried } = tuneCountModel("variable-markov", train, 5, validation, score, {
    orders: [1, 2],
    higher: [0.1, 1],
  });
  expect(tried.map((setting) => setting.score)).toEqual([0, 0, 1, 1]);
  expect(best.options).toEqual({ orders: 2, higher: 0.1 });
  expect(() => tuneCountModel("stan", train, 5, [], score)).toThrow(/no validation queries/);
});
