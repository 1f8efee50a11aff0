import type { PairTable } from "@kshot/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { markov, popularity } from "./index.js";

interface Pair {
  readonly prefix: readonly number[];
  readonly label: number;
}

/** A pair table of one person; times and ids have no effect in a baseline. */
function table(pairs: readonly Pair[]): PairTable {
  const offsets = [0];
  for (const { prefix } of pairs) offsets.push(offsets.at(-1)! + prefix.length);
  return {
    length: pairs.length,
    pairId: Int32Array.from(pairs, (_, row) => row),
    users: ["ada"],
    user: new Int32Array(pairs.length),
    sessions: ["ada-0"],
    session: new Int32Array(pairs.length),
    prefixOffsets: Int32Array.from(offsets),
    prefixItems: Int32Array.from(pairs.flatMap(({ prefix }) => prefix)),
    label: Int32Array.from(pairs, ({ label }) => label),
    labelTime: Float64Array.from(pairs, (_, row) => row),
  };
}

const train = table([
  { prefix: [3, 0], label: 1 },
  { prefix: [0], label: 1 },
  { prefix: [0], label: 2 },
  { prefix: [1, 2], label: 4 },
  { prefix: [0, 1], label: 4 },
  { prefix: [2], label: 4 },
  { prefix: [1], label: 3 },
]);
const nItems = 6;

const anyTable = fc
  .array(fc.record({ prefix: fc.array(fc.nat(7), { minLength: 1, maxLength: 4 }), label: fc.nat(7) }), {
    maxLength: 40,
  })
  .map((pairs) => ({ pairs, train: table(pairs) }));

/** Items from the best to the worst score; ties by number. */
function order(scores: Float64Array): number[] {
  return [...scores.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b);
}

describe("popularity", () => {
  it("counts the labels of the train pairs", () => {
    expect([...popularity(train, nItems).scores([0], null)]).toEqual([0, 2, 1, 1, 3, 0]);
  });

  it("is the same for every history", () => {
    const scorer = popularity(train, nItems);
    expect(scorer.scores([5, 1], null)).toEqual(scorer.scores([0], { sequences: [[1]], labels: [2] }));
  });
});

describe("markov", () => {
  it("ranks the items that followed the last one first, by how often, then the others by popularity", () => {
    const scores = markov(train, nItems).scores([5, 0], null);
    expect(scores[1]).toBe(2);
    expect(scores[2]).toBe(1);
    expect(order(scores)).toEqual([1, 2, 4, 3, 0, 5]);
    expect(scores[0]).toBe(scores[5]);
  });

  it("leaves items tied that followed equally often, for any popularity", () => {
    const scores = markov(train, nItems).scores([1], null);
    expect(scores[3]).toBe(scores[4]);
  });

  it("reads only the last item", () => {
    fc.assert(
      fc.property(anyTable, fc.array(fc.nat(7)), fc.nat(7), ({ train }, before, last) => {
        const scorer = markov(train, 8);
        expect(scorer.scores([...before, last], null)).toEqual(scorer.scores([last], null));
      }),
    );
  });

  it("scores a successor by its count, and any other item below 1 in popularity's order", () => {
    fc.assert(
      fc.property(anyTable, fc.nat(7), ({ pairs, train }, last) => {
        const scores = markov(train, 8).scores([last], null);
        const popular = popularity(train, 8).scores([last], null);
        const followed = (item: number) => pairs.filter((p) => p.prefix.at(-1) === last && p.label === item).length;
        const others = [...scores.keys()].filter((item) => followed(item) === 0);
        for (const item of scores.keys()) if (followed(item) > 0) expect(scores[item]).toBe(followed(item));
        for (const a of others) {
          expect(scores[a]).toBeLessThan(1);
          for (const b of others) expect(Math.sign(scores[a]! - scores[b]!)).toBe(Math.sign(popular[a]! - popular[b]!));
        }
      }),
    );
  });

  it("is popularity's ranking after an item that never had a successor", () => {
    expect(order(markov(train, nItems).scores([5], null))).toEqual(order(popularity(train, nItems).scores([5], null)));
  });
});

describe.each([popularity, markov])("%o", (baseline) => {
  it("gives scores that the caller may change", () => {
    const scorer = baseline(train, nItems);
    const first = scorer.scores([0], null);
    const kept = first.slice();
    first.fill(-1);
    expect(scorer.scores([0], null)).toEqual(kept);
  });

  it("ties everything when there is no train pair", () => {
    expect([...baseline(table([]), 3).scores([0], null)]).toEqual([0, 0, 0]);
  });

  it.each([0, -1, 1.5, Number.NaN])("refuses %d items", (n) => {
    expect(() => baseline(train, n)).toThrow(/nItems/);
  });

  it("refuses a label beyond the vocabulary, naming the row", () => {
    expect(() => baseline(train, 4)).toThrow(/column label, row 3: item 4/);
    expect(() => baseline(table([{ prefix: [0], label: -1 }]), 4)).toThrow(/row 0: item -1/);
  });
});

describe("markov refuses", () => {
  it("a train pair without a prefix", () => {
    expect(() =>
      markov(
        table([
          { prefix: [0], label: 1 },
          { prefix: [], label: 1 },
        ]),
        2,
      ),
    ).toThrow(/prefix, row 1/);
  });
  it("a prefix item beyond the vocabulary", () => {
    expect(() => markov(table([{ prefix: [2], label: 1 }]), 2)).toThrow(/prefix, row 0: item 2/);
  });
  it.each([[[]], [[6]], [[-1]]])("the query prefix %j", (query) => {
    expect(() => markov(train, nItems).scores(query, null)).toThrow(/query prefix/);
  });
});
