import { describe, expect, it } from "vitest";
import { coverageDifference, randomStream } from "./index.js";

const random = () => randomStream(3, "bootstrap");
const nItems = 10;

describe("a difference in coverage", () => {
  it("is the mean over seeds of the shares of items, by hand", () => {
    // Seed 1: {0,1,2,3} against {0,1}; seed 2: {0,1,2} against {0,1,2,3,4}.
    const method = [
      [[0, 1], [1, 2, 3], [0]],
      [[0], [1], [2]],
    ];
    const reference = [
      [[0], [1], [0, 1]],
      [[0, 1, 2], [3], [4]],
    ];
    const found = coverageDifference({ method, reference }, nItems, random());
    expect(found.bySeed.map((one) => one.toFixed(12))).toEqual(["0.200000000000", "-0.200000000000"]);
    expect(found.value).toBeCloseTo(0, 12);
    expect(found.seedDeviation).toBeCloseTo(Math.sqrt(0.08), 12);
    expect(found.byPerson).toEqual([]);
    expect(found.low).toBeLessThanOrEqual(found.value);
    expect(found.high).toBeGreaterThanOrEqual(found.value);
  });

  it("of equal lists has an interval without width: both are drawn with the same people", () => {
    const lists = [Array.from({ length: 30 }, (_, person) => [person % 7, (3 * person) % 10])];
    expect(coverageDifference({ method: lists, reference: lists }, nItems, random())).toMatchObject({
      ...{ value: 0, low: 0, high: 0, bySeed: [0], seedDeviation: null },
    });
  });

  it("pairs one list with every seed of the other", () => {
    const found = coverageDifference({ method: [[[0]], [[0, 1]], [[0, 1, 2]]], reference: [[[0]]] }, nItems, random());
    expect(found.bySeed.map((one) => one.toFixed(12))).toEqual(["0.000000000000", "0.100000000000", "0.200000000000"]);
  });

  it("without a reference is the method's own coverage, within 0 … 1", () => {
    const all = Array.from({ length: 4 }, () => Array.from({ length: nItems }, (_, item) => item));
    expect(coverageDifference({ method: [all], reference: null }, nItems, random())).toMatchObject({
      value: 1,
      high: 1,
    });
  });

  it.each<[string, readonly (readonly number[][])[], readonly (readonly number[][])[]]>([
    ["nobody", [[]], [[]]],
    ["different people", [[[1], [2]]], [[[1]]]],
    ["no list to compare with", [[[1]]], []],
  ])("refuses %s", (_, method, reference) => {
    expect(() => coverageDifference({ method, reference }, nItems, random())).toThrow(/the same people/);
  });
});
