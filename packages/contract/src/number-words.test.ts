import { expect, it } from "vitest";
import { percent, whole } from "./number-words.js";

it("a count has separators of thousands", () => {
  expect([0, 999, 1000.4, 1234567, -12345].map(whole)).toEqual(["0", "999", "1,000", "1,234,567", "-12,345"]);
});

it("a share is in percent with one digit", () => {
  expect([0, 0.1234, 1].map(percent)).toEqual(["0.0 %", "12.3 %", "100.0 %"]);
});
