import { coverageDifference, pairedDifference, randomStream } from "@kshot/metrics";
import { expect, it } from "vitest";
import { verdict } from "./answer.js";
import { counted, sideOf } from "./side-of.js";

it.each([
  [{ value: 0.1, low: 0.01, high: 0.2, unequal: 6 }, "above"],
  [{ value: 0.1, low: 0.01, high: 0.2, unequal: 5 }, "unclear"],
  [{ value: -0.1, low: -0.2, high: -0.01, unequal: 40 }, "below"],
  [{ value: -0.1, low: -0.2, high: -0.01, unequal: 2 }, "unclear"],
  [{ value: 0.1, low: 0, high: 0.2, unequal: 40 }, "unclear"],
] as const)("%j is %s", (difference, side) => {
  expect(sideOf(difference)).toBe(side);
});

it("an interval that leaves out 0 is not clear where two of 102 people differ, and is where all have the same difference", () => {
  const zeros = Array.from({ length: 102 }, () => 0);
  const two = { method: [zeros.map((_, p) => (p < 2 ? 0.1 : 0))], reference: [zeros] };
  const found = counted(pairedDifference(two, 1));
  expect(found.unequal).toBe(2);
  expect(sideOf({ ...found, low: 0.0001 })).toBe("unclear");
  expect(verdict({ ...found, low: 0.0001 })).toBe("No clear difference: only 2 people differ.");
  const all = counted(pairedDifference({ method: [zeros.map(() => 0.1)], reference: [zeros] }, 1));
  expect(all.unequal).toBe(102);
  expect(sideOf(all)).toBe("above");
});

it("seeds whose sum is 0 apart from rounding do not count as a difference of the person", () => {
  const people = Array.from({ length: 40 }, (_, p) => p);
  const seeds = [0.1, 0.2, -0.3].map((value) => people.map(() => value));
  const found = counted(pairedDifference({ method: seeds, reference: seeds.map((own) => own.map(() => 0)) }, 1));
  expect(Math.abs(seeds.reduce((sum, own) => sum + own[0]!, 0))).toBeGreaterThan(0);
  expect(found.unequal).toBe(0);
});

it("a coverage, which has no differences of single people, can be clear", () => {
  const random = randomStream(1, "coverage");
  const lists = Array.from({ length: 40 }, (_, p) => [p % 20]);
  const found = coverageDifference({ method: [lists], reference: [lists.map(() => [0])] }, 20, random);
  expect(sideOf(counted(found))).toBe("above");
  expect(verdict(counted(found), false)).toMatch(/^Higher/);
});
