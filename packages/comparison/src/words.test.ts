import { expect, it } from "vitest";
import { verdict } from "./answer.js";
import { signed } from "./words.js";

it.each([
  [0.0123, "+0.012"],
  [-0.0123, "−0.012"],
  [0, "0.000"],
  [-0, "0.000"],
])("%d with its sign is %s", (value, text) => expect(signed(value)).toBe(text));

it.each([
  [{ value: 1, low: 0.1, high: 2 }, /^Better/],
  [{ value: -1, low: -2, high: -0.1 }, /^Worse/],
  [{ value: 0, low: -1, high: 1 }, /^No clear difference/],
  [{ value: 0, low: 0, high: 0, unequal: 0 }, /^No difference/],
])("%j means %s", (interval, says) => expect(verdict({ unequal: 40, ...interval })).toMatch(says));
