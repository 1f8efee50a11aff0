import type { PairTable } from "@kshot/contract";
import { expect, test } from "vitest";
import { pairsOfPeople, slidingEpisodes } from "./index.js";

const table: PairTable = {
  length: 5,
  pairId: Int32Array.of(10, 11, 12, 13, 14),
  users: ["a", "b", "c"],
  user: Int32Array.of(0, 1, 0, 2, 2),
  sessions: ["s", "t", "u", "v"],
  session: Int32Array.of(0, 1, 2, 3, 3),
  prefixOffsets: Int32Array.of(0, 1, 3, 4, 6, 9),
  prefixItems: Int32Array.of(5, 1, 2, 6, 3, 4, 3, 4, 7),
  label: Int32Array.of(1, 2, 3, 7, 8),
  labelTime: Float64Array.of(100, 200, 300, 400, 500),
  labelOrder: Int32Array.of(1, 2, 2, 1, 2),
};

test("the pairs of some people: rows, histories and names of these people alone, in their order", () => {
  const own = pairsOfPeople(table, new Set([2, 0]));
  expect(own.users).toEqual(["a", "c"]);
  expect(own.sessions).toEqual(["s", "u", "v"]);
  expect([...own.user]).toEqual([0, 0, 1, 1]);
  expect([...own.session]).toEqual([0, 1, 2, 2]);
  expect([...own.pairId]).toEqual([10, 12, 13, 14]);
  expect([...own.label]).toEqual([1, 3, 7, 8]);
  expect([...own.labelTime]).toEqual([100, 300, 400, 500]);
  expect([...own.labelOrder!]).toEqual([1, 2, 1, 2]);
  const histories = Array.from({ length: own.length }, (_, row) => [
    ...own.prefixItems.subarray(own.prefixOffsets[row]!, own.prefixOffsets[row + 1]!),
  ]);
  expect(histories).toEqual([[5], [6], [3, 4], [3, 4, 7]]);
  expect(slidingEpisodes(own, 1, 1).length).toBe(2);
});

test("for all people it is the table, for no people it is empty", () => {
  expect(pairsOfPeople(table, new Set([0, 1, 2]))).toEqual(table);
  expect(pairsOfPeople(table, new Set())).toMatchObject({ length: 0, users: [], sessions: [] });
});
