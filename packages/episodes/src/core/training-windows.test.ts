import type { PairTable } from "@kshot/contract";
import fc from "fast-check";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { expect, test } from "vitest";
import { groupBatches, rowsByGroup, trainingWindows } from "./index.js";

/** Pairs of whole sessions, each prefix cut to its last `most` items, as in a data folder. */
function tableOf(sessions: readonly (readonly number[])[], most: number): PairTable {
  const rows = sessions.flatMap((items, session) =>
    items
      .slice(1)
      .map((label, i) => ({ session, label, time: session * 1000 + i, prefix: items.slice(0, i + 1).slice(-most) })),
  );
  const offsets = [0];
  for (const { prefix } of rows) offsets.push(offsets.at(-1)! + prefix.length);
  return {
    length: rows.length,
    pairId: Int32Array.from(rows.keys()),
    users: ["somebody"],
    user: new Int32Array(rows.length),
    sessions: sessions.map((_, i) => `s${i}`),
    session: Int32Array.from(rows, ({ session }) => session),
    prefixOffsets: Int32Array.from(offsets),
    prefixItems: Int32Array.from(rows.flatMap(({ prefix }) => prefix)),
    label: Int32Array.from(rows, ({ label }) => label),
    labelTime: Float64Array.from(rows, ({ time }) => time),
  };
}
const allRows = ({ length }: PairTable) => Array.from({ length }, (_, row) => row);

test("every history is of its session: complete up to the limit, then its last L/2 to L items from a multiple of L/2", () => {
  const session = fc.array(fc.nat(3), { minLength: 2, maxLength: 60 });
  fc.assert(
    fc.property(
      fc.array(session, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 2, max: 12 }),
      fc.integer({ min: 2, max: 20 }),
      (sessions, maxSeqLen, stored) => {
        const table = tableOf(sessions, stored);
        const { begin, position } = trainingWindows(table, rowsByGroup(table, allRows(table), "session"), maxSeqLen);
        const longest = Math.min(maxSeqLen, stored, Math.max(...sessions.map(({ length }) => length)) - 1);
        const stride = Math.max(1, longest >> 1);
        for (let row = 0; row < table.length; row++) {
          const items = sessions[table.session[row]!]!;
          const label = table.labelTime[row]! - 1000 * table.session[row]! + 1;
          const history = table.prefixItems.subarray(begin[row]!, table.prefixOffsets[row + 1]!);
          expect([...history]).toEqual(items.slice(label - history.length, label));
          if (label <= longest) expect(history.length).toBe(label);
          else {
            expect(history.length).toBeGreaterThan(longest - stride);
            expect(history.length).toBeLessThanOrEqual(longest);
            expect(position[row]! % stride).toBe(0);
          }
          // The same click has the same number in all histories of a session, for every start.
          expect(position[row]! + history.length).toBe(label);
        }
      },
    ),
  );
});

test("a long session costs as many nodes as two passes over it, not one per pair and item", () => {
  const session = Array.from({ length: 400 }, (_, i) => i);
  const table = tableOf([session], 50);
  const { begin } = trainingWindows(table, rowsByGroup(table, allRows(table), "session"), 50);
  const prefixes = new Set<string>();
  for (let row = 0; row < table.length; row++) {
    const history = table.prefixItems.subarray(begin[row]!, table.prefixOffsets[row + 1]!);
    for (let n = 1; n <= history.length; n++) prefixes.add(history.subarray(0, n).join(","));
  }
  expect(prefixes.size).toBeLessThan(2 * session.length);
});

test("a history that continues no other starts a new sequence", () => {
  // A person's pairs of two sessions, as one group.
  const table = tableOf(
    [
      [1, 2, 3, 4],
      [7, 8, 9],
    ],
    50,
  );
  const { begin, position } = trainingWindows(table, rowsByGroup(table, allRows(table), "user"), 50);
  expect([...begin]).toEqual([...table.prefixOffsets.subarray(0, table.length)]);
  const [first, second] = [position.subarray(0, 3), position.subarray(3)];
  expect([...first]).toEqual([0, 0, 0]);
  expect(second[0]).toBeGreaterThanOrEqual(4);
  expect([...second]).toEqual([second[0], second[0]]);
});

test("an epoch has every session once, whole, in minibatches of at most so many pairs; the seed decides the order", () => {
  const sessions = Array.from({ length: 40 }, (_, i) => Array.from({ length: 2 + (i % 7) }, () => i));
  sessions.push(Array.from({ length: 30 }, () => 99));
  const table = tableOf(sessions, 50);
  const groups = rowsByGroup(table, allRows(table), "session");
  const batches = (seed: number) => [...groupBatches(groups, 20, xoroshiro128plus(seed))];
  const epoch = batches(1);
  expect(epoch.flat().sort((a, b) => a[0]! - b[0]!)).toEqual(groups);
  const sizes = epoch.map((batch) => batch.reduce((sum, { length }) => sum + length, 0));
  expect(sizes.filter((size) => size > 20)).toEqual([29]);
  expect(sizes.filter((size) => size < 14).length).toBeLessThanOrEqual(2);
  expect(batches(1)).toEqual(epoch);
  expect(batches(2)).not.toEqual(epoch);
  expect(() => [...groupBatches(groups, 0, xoroshiro128plus(1))]).toThrow(/pairs of a minibatch: 0/);
});
