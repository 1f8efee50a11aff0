import { expect, it } from "vitest";
import { gainInStandardErrors, personalMrr } from "./validation-gain.js";

it("a gain in standard errors of the paired difference", () => {
  // Differences 1, 0, 1, 0: mean 1/2, variance 1/3, standard error √(1/12).
  expect(gainInStandardErrors([1, 1, 2, 2], [0, 1, 1, 2])).toBeCloseTo(0.5 / Math.sqrt(1 / 12), 12);
  expect(gainInStandardErrors([1, 2], [2, 1])).toBeCloseTo(0, 12);
  expect(gainInStandardErrors([3, 3], [3, 3])).toBe(0);
  expect(gainInStandardErrors([2, 2], [1, 1])).toBe(Number.POSITIVE_INFINITY);
  expect(gainInStandardErrors([1, 1], [2, 2])).toBe(Number.NEGATIVE_INFINITY);
});

it("each person's mean reciprocal rank", () => {
  const query = (higher: number) => ({ label: 0, seen: false, higher, tied: 0 });
  const people = { user: ["a", "b"], historyLength: [5, 5], queries: [[query(0), query(1)], [query(3)]] };
  expect(personalMrr(people, 10)).toEqual([0.75, 0.25]);
});
