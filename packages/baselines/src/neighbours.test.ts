import type { Pairs, PairTable } from "@kshot/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { itemKnn, recent, type Scorer, sessionKnn } from "./index.js";

/** All pairs of sessions, one person each; later sessions are later in time. */
function table(sessions: readonly (readonly number[])[]): PairTable {
  const pairs = sessions.flatMap((session, s) =>
    session.slice(1).map((label, i) => ({ prefix: session.slice(0, i + 1), label, session: s, time: 100 * s + i })),
  );
  const offsets = [0];
  for (const { prefix } of pairs) offsets.push(offsets.at(-1)! + prefix.length);
  const session = Int32Array.from(pairs, (pair) => pair.session);
  return {
    length: pairs.length,
    pairId: Int32Array.from(pairs, (_, row) => row),
    users: sessions.map((_, s) => `person ${s}`),
    user: session,
    sessions: sessions.map((_, s) => `session ${s}`),
    session,
    prefixOffsets: Int32Array.from(offsets),
    prefixItems: Int32Array.from(pairs.flatMap(({ prefix }) => prefix)),
    label: Int32Array.from(pairs, ({ label }) => label),
    labelTime: Float64Array.from(pairs, ({ time }) => time),
  };
}

const nItems = 8;
const sessions = [
  [0, 1, 2],
  [0, 1, 3],
  [0, 2],
  [4, 5],
  [6, 4],
];
const train = table(sessions);
const makers = { recent, itemKnn, sessionKnn } as const;

/** Items from the best to the worst score; ties by number. */
const order = (scores: Float64Array) => [...scores.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b);

describe("recent", () => {
  const scorer = recent(train, nItems);

  it("ranks the person's items, the latest first, then by popularity", () => {
    expect(order(scorer.scores([6, 5, 7], null))).toEqual([5, 6, 1, 2, 3, 4, 0, 7]);
  });

  it("knows the support pairs: before the prefix in time, and only once each", () => {
    const support: Pairs = { sequences: [[0], [0, 3]], labels: [3, 6] };
    expect(order(scorer.scores([3, 7], support)).slice(0, 3)).toEqual([3, 6, 0]);
  });
});

it.each(Object.entries(makers))("%s leaves the last item out only where no train pair repeats it", (_, make) => {
  // From 1 on a score is of the method itself, below 1 of popularity.
  const own = (of: PairTable) => make(of, nItems).scores([1, 0], null)[0]! >= 1;
  expect(own(train)).toBe(false);
  // A stored one keeps what the train pairs showed.
  const repeating = table([...sessions, [0, 0, 1], [0, 0, 1]]);
  expect(make(repeating, nItems).encode().tensors.repeats).toEqual(Int32Array.of(1));
  expect(own(repeating)).toBe(true);
});

describe("item-knn", () => {
  it("scores by shrunken cosine of the sessions, the latest item counting most", () => {
    const scorer = itemKnn(train, nItems, { shrinkage: 0 });
    const scores = scorer.scores([4, 0], null);
    // 0 is in 3 sessions, 1 in 2 and 2 in 2, each twice together with 0; 4 is in 2, once with 5 and once with 6.
    expect(scores[1]).toBeCloseTo(1 + 2 / Math.sqrt(6), 12);
    expect(scores[2]).toBeCloseTo(1 + 2 / Math.sqrt(6), 12);
    expect(scores[3]).toBeCloseTo(1 + 1 / Math.sqrt(3), 12);
    expect(scores[5]).toBeCloseTo(1 + 1 / Math.sqrt(2) / 2, 12);
    // No session has 7, and 0 itself cannot be next.
    expect(scores[7]).toBe(0);
    expect(scores[0]).toBe(0);
    expect(itemKnn(train, nItems).scores([4, 0], null)[1]).toBeCloseTo(1 + 2 / (Math.sqrt(6) + 20), 12);
  });

  it("keeps only an item's nearest neighbours", () => {
    const scores = itemKnn(train, nItems, { shrinkage: 0, neighbours: 2 }).scores([0], null);
    expect([...scores].filter((score) => score > 1)).toHaveLength(2);
  });
});

describe("session-knn", () => {
  it("sessions that share items vote, weighted by the shared items", () => {
    const scores = sessionKnn(train, nItems).scores([2, 1], null);
    // w(1) = 1, w(2) = 1/2, Σw² = 1.25: sessions 0 (both), 1 (only item 1), 2 (only item 2).
    const [a, b, c] = [1.5 / Math.sqrt(1.25 * 3), 1 / Math.sqrt(1.25 * 3), 0.5 / Math.sqrt(1.25 * 2)];
    expect(scores[3]).toBeCloseTo(1 + b, 12);
    expect(scores[0]).toBeCloseTo(1 + a + b + c / 2, 12);
    expect(scores[2]).toBeCloseTo(1 + a + c / 2, 12);
    expect(scores[4]).toBeLessThan(1);
  });

  it("looks at the latest sessions of an item, and lets the nearest vote", () => {
    expect([...sessionKnn(train, nItems, { sampled: 1 }).scores([0], null)].filter((score) => score > 1)).toHaveLength(
      1,
    );
    expect([...sessionKnn(train, nItems, { neighbours: 1 }).scores([0], null)].filter((s) => s > 1)).toHaveLength(1);
  });
});

describe.each(Object.entries(makers))("%s", (_, make: (train: PairTable, nItems: number) => Scorer) => {
  const lists = fc.array(fc.uniqueArray(fc.nat(7), { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 12 });
  const prefix = fc.array(fc.nat(7), { minLength: 1, maxLength: 5 });

  it("gives finite scores of all items, the same each time, and does not change its arguments", () => {
    fc.assert(
      fc.property(lists, prefix, prefix, fc.nat(7), (own, query, past, label) => {
        const scorer = make(table(own), nItems);
        const support = { sequences: [past], labels: [label] };
        const scores = scorer.scores(query, support);
        expect(scores).toHaveLength(nItems);
        expect(scores.every((score) => Number.isFinite(score) && score >= 0)).toBe(true);
        expect(scorer.scores(query, structuredClone(support))).toEqual(scores);
        expect(scores[query.at(-1)!]).toBeLessThan(1);
      }),
    );
  });

  it("uses popularity for unknown items", () => {
    const scores = make(train, nItems).scores([7], null);
    expect(order(scores)).toEqual([1, 2, 3, 4, 5, 0, 6, 7]);
  });

  it("uses the support pairs, where there are any", () => {
    const scorer = make(train, nItems);
    const support = { sequences: [[6]], labels: [4] };
    expect(scorer.scores([7], support)).not.toEqual(scorer.scores([7], null));
  });

  it.each([
    [[], /no items/],
    [[3, 8], /item 8 at position 1/],
    [[-1, 3], /item -1 at position 0/],
  ])("refuses the query %j", (query, message) => {
    expect(() => make(train, nItems).scores(query, null)).toThrow(message);
  });

  it("refuses an item outside the vocabulary", () => {
    expect(() => make(table([[1, 9]]), nItems)).toThrow(/item 9/);
  });
});

it.each([
  () => itemKnn(train, nItems, { neighbours: 0 }),
  () => sessionKnn(train, nItems, { neighbours: 1.5 }),
  () => sessionKnn(train, nItems, { sampled: 0 }),
])("refuses options out of range", (make) => {
  expect(make).toThrow(/a positive whole number/);
});
