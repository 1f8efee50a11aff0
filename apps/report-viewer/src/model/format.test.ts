import { signed } from "@kshot/comparison";
import { expect, it } from "vitest";
import { short } from "./format.js";

it.each([
  [0, "0"],
  [0.0001, "0.0001"],
  [0.00013, "0.00013"],
  [0.0000013, "1.3e−6"],
  [0.25, "0.25"],
  [1234.5, "1230"],
  [12345.6, "12,346"],
  [-0.5, "−0.5"],
])("%d is %s in short", (value, text) => {
  expect(short(value)).toBe(text);
});

it.each([
  [0.0123, "+0.012"],
  [-0.0123, "−0.012"],
  [0, "0.000"],
  [-0, "0.000"],
])("%d is %s with its sign", (value, text) => {
  expect(signed(value)).toBe(text);
});
