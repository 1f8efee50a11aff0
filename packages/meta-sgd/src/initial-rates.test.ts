import { parameterLayout } from "@kshot/contract";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { expect, it } from "vitest";
import { fillInitialRates } from "./index.js";

const { tensors, size } = parameterLayout([
  ["body", [2, 2]],
  ["matrix", [200, 3]],
  ["bias", [3]],
]);

it("gives one number to the parameters that adapt, and 0 to the others", () => {
  const alpha = new Float64Array(size).fill(9);
  fillInitialRates(alpha, tensors.slice(1), 0.05);
  expect(alpha.every((rate, i) => rate === (i < 4 ? 0 : 0.05))).toBe(true);
});

it("draws each rate, or each row's, from the range", () => {
  const alpha = new Float64Array(size);
  const of = (sharing?: "row") => {
    fillInitialRates(alpha, tensors, { range: [0.005, 0.1], random: xoroshiro128plus(3) }, sharing);
    return [...alpha];
  };
  const drawn = of();
  expect(new Set(drawn).size).toBe(size);
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0.005);
  expect(Math.max(...drawn)).toBeLessThan(0.1);
  expect(drawn.reduce((sum, rate) => sum + rate, 0) / size).toBeCloseTo(0.0525, 2);
  expect(of()).toEqual(drawn);
  const rows = of("row");
  expect(new Set(rows).size).toBe(2 + 200 + 3);
  expect(new Set(rows.slice(4, 7)).size).toBe(1);
});
