import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { expect, it } from "vitest";
import { isConvincing, personalMrr, stepTestLevel } from "./validation-gain.js";

it("a gain is tested for the number of looks", () => {
  const random = xoroshiro128plus(3);
  const before = Array.from({ length: 50 }, () => uniformFloat64(random));
  // Mean .05, standard error .02: p = .006 one-sided, enough for one look and not for thirty.
  const after = before.map((value, p) => value + 0.05 + (p % 2 === 0 ? 0.14 : -0.14));
  expect(isConvincing(after, before, { looks: 1, seed: 1 })).toBe(true);
  expect(isConvincing(after, before, { looks: 30, seed: 1 })).toBe(false);
  expect(
    isConvincing(
      before.map((value) => value + 0.1),
      before,
      { looks: 30, seed: 1 },
    ),
  ).toBe(true);
  expect(isConvincing(before, after, { looks: 1, seed: 1 })).toBe(false);
  expect(isConvincing(before, before, { looks: 1, seed: 1 })).toBe(false);
});

it("the two tests of a recipe pass together in at most one of twenty runs without an effect", () => {
  const random = xoroshiro128plus(5);
  let passed = 0;
  const runs = 400;
  for (let seed = 0; seed < runs; seed++) {
    const before = Array.from({ length: 30 }, () => uniformFloat64(random));
    const after = before.map(() => uniformFloat64(random));
    passed += Number(isConvincing(after, before, { looks: 1, seed }));
  }
  // Half of .05, with three standard errors of 400 runs.
  expect(passed / runs).toBeLessThan(0.025 + 3 * Math.sqrt((0.025 * 0.975) / runs));
  expect(2 * stepTestLevel).toBeLessThanOrEqual(0.05);
});

it("each person's mean reciprocal rank", () => {
  const query = (higher: number) => ({ label: 0, seen: false, higher, tied: 0 });
  const people = { user: ["a", "b"], historyLength: [5, 5], queries: [[query(0), query(1)], [query(3)]] };
  expect(personalMrr(people, 10)).toEqual([0.75, 0.25]);
});
