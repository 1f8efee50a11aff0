import { expect, it } from "vitest";
import { resampled } from "./intervals.js";
import { keepDifference, knownDifference } from "./known-differences.js";

const place = { split: "test", window: "first" } as const;
const people = Array.from({ length: 40 }, (_, p) => p);
const asked = (shift: number) => ({
  method: [people.map((p) => ((p * 7 + shift) % 11) / 11)],
  reference: [people.map((p) => (p % 5) / 5)],
  queries: people.map(() => 10),
});

it("a difference is the same alone, among others, and the second time", () => {
  const [alone] = resampled([asked(1)], place);
  const among = resampled([asked(2), asked(1), asked(3)], place);
  expect(among[1]).toEqual(alone);
  expect(among[0]).not.toEqual(alone);
  expect(resampled([asked(3)], place)[0]).toEqual(among[2]);
  expect(knownDifference(asked(2), "compare/test/first")).toEqual(among[0]);
});

it("other draws or other numbers are not known, for equal keys too", () => {
  const [found] = resampled([asked(4)], place);
  expect(knownDifference(asked(4), "compare/test/last")).toBeUndefined();
  const other = {
    ...asked(4),
    method: [people.map(() => 0)],
    reference: [people.map(() => 0)],
    queries: people.map(() => 0),
  };
  const zeros = { ...other, method: [people.map(() => -0)] };
  keepDifference(other, "x", found!);
  expect(knownDifference({ ...other, queries: [...other.queries.slice(1), 0.0] }, "x")).toEqual(found);
  expect(
    knownDifference({ ...zeros, method: [[...people.slice(2).map(() => 0), 1, -1 / 16807]] }, "x"),
  ).toBeUndefined();
});
