import { type PairedDifference, pairedDifferences, randomStream } from "@kshot/metrics";
import { expect, it } from "vitest";
import { computedInSteps, computedOnce } from "./computed-once.js";
import { resampled } from "./intervals.js";
import { inSlice, type Slice, step } from "./slices.js";

const place = { split: "test", window: "first" } as const;
const people = Array.from({ length: 300 }, (_, p) => p);
const asked = (shift: number) => ({
  method: [people.map((p) => ((p * 13 + shift) % 17) / 17)],
  reference: [people.map((p) => (p % 7) / 7)],
  queries: people.map((p) => 1 + (p % 3)),
});

/** A slice of one step. */
const short = (): Slice => ({ over: () => true, steps: 0 });

it("intervals that are computed in slices are those of one pass, also if another computation comes between", () => {
  const [own, other] = [
    [asked(3), asked(5)],
    [asked(8), asked(2)],
  ];
  const found: PairedDifference[][] = [];
  let slices = 0;
  for (const one of [own, other, own, other].flatMap((list) => Array.from({ length: 400 }, () => list))) {
    slices++;
    const part = inSlice(short(), () => resampled(one, place));
    if (part !== null) found[one === own ? 0 : 1] = part.value;
    if (slices === 1) expect(part).toBeNull();
  }
  const once = (list: typeof own) => pairedDifferences(list, randomStream(0, "compare/test/first"));
  expect(found).toEqual([once(own), once(other)]);
});

it("each slice continues after the steps of the slices before it, and does one at least", () => {
  const known = computedOnce<number>();
  const keys = Array.from({ length: 10 }, () => ({}));
  let computed = 0;
  const sum = () =>
    keys.reduce((total: number, key, i) => {
      const value = known([key], "", () => {
        computed++;
        return i;
      });
      return total + value;
    }, 0);
  let slices = 1;
  while (inSlice(short(), sum) === null) slices++;
  expect([slices, computed, sum()]).toEqual([10, 10, 45]);
});

it("a long computation stops between its steps, and starts again after an error", () => {
  const known = computedInSteps<string>();
  const key = {};
  function* work(fails: boolean): Generator<void, string> {
    for (let i = 0; i < 5; i++) yield;
    if (fails) throw new RangeError("no lists");
    return "done";
  }
  let slices = 1;
  while (inSlice(short(), () => known([key], "a", () => work(false))) === null) slices++;
  // One for its entry, one for each of five stops, one for the end.
  expect(slices).toBe(7);
  const failing = () => known([key], "b", () => work(true));
  expect(failing).toThrow("no lists");
  expect(failing).toThrow("no lists");
});

it("outside of a slice, and in a slice with time, nothing stops", () => {
  expect(step(() => 1) + step(() => 2)).toBe(3);
  expect(inSlice({ over: () => false, steps: 0 }, () => step(() => 1) + step(() => 2))).toEqual({ value: 3 });
  expect(() =>
    inSlice(short(), () => {
      throw new RangeError("its own error");
    }),
  ).toThrow("its own error");
});
