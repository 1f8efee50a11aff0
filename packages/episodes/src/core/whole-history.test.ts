import type { PairTable } from "@kshot/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WholeHistory, wholeHistories, withEarlierContext, withSupportContext } from "./index.js";

/** All pairs of sessions, prefixes cut to their last `most` items. */
function pairsOf(sessions: readonly (readonly number[])[], most = 1000) {
  return sessions.flatMap((session) =>
    session.slice(1).map((label, i) => ({ prefix: session.slice(0, i + 1).slice(-most), label })),
  );
}

const join = (pairs: readonly { prefix: number[]; label: number }[]) => {
  const history = new WholeHistory();
  for (const { prefix, label } of pairs) history.add(prefix, label);
  return [...history.before([])];
};

it("puts sessions back together", () => {
  const sessions = [
    [1, 2, 3],
    [4, 5],
    [2, 3, 4, 9],
  ];
  expect(join(pairsOf(sessions))).toEqual(sessions.flat());
});

it("recognises a continued session although its prefixes are cut", () => {
  const long = Array.from({ length: 80 }, (_, i) => (i * 37) % 101);
  expect(join(pairsOf([long, [5, 6]], 20))).toEqual([...long, 5, 6]);
});

it("adds items without a pair: items of one moment", () => {
  const history = new WholeHistory();
  history.add([1], 2);
  history.add([1, 2, 3, 4], 5);
  expect([...history.before([1, 2, 3, 4, 5, 6])]).toEqual([1, 2, 3, 4, 5, 6]);
  expect([...history.before([7])]).toEqual([1, 2, 3, 4, 5, 7]);
});

describe("laws", () => {
  // Sessions that start with different items cannot be confused.
  const sessions = fc
    .array(fc.array(fc.nat(50), { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 5 })
    .map((lists) => lists.map((list, i) => [1000 + i, ...list]));

  it("any sessions of two items and more come back", () => {
    fc.assert(
      fc.property(sessions, (lists) => {
        expect(join(pairsOf(lists))).toEqual(lists.flat());
      }),
    );
  });

  it("whole histories of a table end with each pair's prefix, and contain no items of other people", () => {
    fc.assert(
      fc.property(sessions, sessions, (mine, yours) => {
        const people = [
          pairsOf(mine),
          pairsOf(yours).map(({ prefix, label }) => ({ prefix: prefix.map((i) => i + 5000), label: label + 5000 })),
        ];
        const rows = people.flatMap((pairs, user) => pairs.map((pair, i) => ({ ...pair, user, time: i })));
        rows.reverse();
        const whole = wholeHistories(tableOf(rows), 1000);
        rows.forEach((row, r) => {
          const prefix = [...whole.prefixItems.subarray(whole.prefixOffsets[r]!, whole.prefixOffsets[r + 1]!)];
          const before = people[row.user]!.slice(0, row.time);
          const history = new WholeHistory();
          for (const pair of before) history.add(pair.prefix, pair.label);
          expect(prefix).toEqual([...history.before(row.prefix)]);
          expect(prefix.slice(-row.prefix.length)).toEqual(row.prefix);
          expect(prefix.every((item) => item >= 5000 === (row.user === 1))).toBe(true);
        });
      }),
    );
  });
});

it("a query knows the support pairs and its own prefix", () => {
  const support = { sequences: [[1], [1, 2]], labels: [2, 3] };
  const query = {
    sequences: [
      [1, 2, 3],
      [8, 9],
    ],
    labels: [4, 5],
  };
  expect(withSupportContext(support, query)).toEqual({
    sequences: [Int32Array.of(1, 2, 3), Int32Array.of(1, 2, 3, 8, 9)],
    labels: [4, 5],
  });
});

it("a support pair knows the ones before it", () => {
  const support = { sequences: [[1], [1, 2], [7]], labels: [2, 3, 8] };
  expect(withEarlierContext(support)).toEqual({
    sequences: [Int32Array.of(1), Int32Array.of(1, 2), Int32Array.of(1, 2, 3, 7)],
    labels: [2, 3, 8],
  });
});

it("keeps the last items", () => {
  const rows = pairsOf([
    [1, 2],
    [3, 4, 5],
  ]).map((pair, time) => ({ ...pair, user: 0, time }));
  const whole = wholeHistories(tableOf(rows), 2);
  expect([...whole.prefixItems]).toEqual([1, 2, 3, 3, 4]);
  expect([...whole.prefixOffsets]).toEqual([0, 1, 3, 5]);
});

function tableOf(rows: readonly { prefix: number[]; label: number; user: number; time: number }[]): PairTable {
  const offsets = [0];
  for (const { prefix } of rows) offsets.push(offsets.at(-1)! + prefix.length);
  return {
    length: rows.length,
    pairId: Int32Array.from(rows, (_, i) => i),
    users: ["a", "b"],
    user: Int32Array.from(rows, (row) => row.user),
    sessions: ["s"],
    session: new Int32Array(rows.length),
    prefixOffsets: Int32Array.from(offsets),
    prefixItems: Int32Array.from(rows.flatMap((row) => row.prefix)),
    label: Int32Array.from(rows, (row) => row.label),
    labelTime: Float64Array.from(rows, (row) => row.time),
  };
}
