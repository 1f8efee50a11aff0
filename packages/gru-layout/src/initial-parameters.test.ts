import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { expect, test } from "vitest";
import { gruConfig } from "./config.js";
import { initialParameters } from "./initial-parameters.js";
import { gruParameterLayout } from "./layout.js";

const config = gruConfig({ nItems: 343 });
const parameters = initialParameters(config, xoroshiro128plus(1));

function moments(values: Float32Array) {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
  const kurtosis = values.reduce((sum, x) => sum + (x - mean) ** 4, 0) / values.length / variance ** 2;
  return { mean, variance, kurtosis };
}

// Tolerances are about five standard errors of each estimate, so that a wrong distribution fails and a fair draw does not.
test.each(gruParameterLayout(config).tensors)("$name is distributed as PyTorch's", ({ name, offset, size }) => {
  const values = parameters.subarray(offset, offset + size);
  const { mean, variance, kurtosis } = moments(values);
  if (name === "embedding.weight") {
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(size));
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / size));
    expect(Math.abs(kurtosis - 3)).toBeLessThan(5 * Math.sqrt(24 / size));
  } else {
    const bound = 1 / Math.sqrt(128);
    expect(values.every((x) => Math.abs(x) <= Math.fround(bound))).toBe(true);
    expect(Math.abs(mean)).toBeLessThan((5 * bound) / Math.sqrt(3 * size));
    expect(Math.abs(variance / (bound ** 2 / 3) - 1)).toBeLessThan(5 * Math.sqrt(0.8 / size));
  }
});

test("neighbouring embedding values are independent", () => {
  const size = 343 * 64;
  let products = 0;
  for (let i = 0; i < size; i += 2) products += parameters[i] * parameters[i + 1];
  expect(Math.abs(products / (size / 2))).toBeLessThan(5 / Math.sqrt(size / 2));
});

test("no embedding row is zero", () => {
  expect(parameters.subarray(0, 64).every((x) => x !== 0)).toBe(true);
});

test("the same seed gives the same values, and the generator advances", () => {
  expect(initialParameters(config, xoroshiro128plus(1))).toEqual(parameters);
  expect(initialParameters(config, xoroshiro128plus(2))).not.toEqual(parameters);
  const random = xoroshiro128plus(1);
  initialParameters(config, random);
  expect(initialParameters(config, random)).not.toEqual(parameters);
});

test("an odd number of embedding values is filled completely", () => {
  const odd = initialParameters(gruConfig({ nItems: 3, embeddingDim: 1, hiddenDim: 1 }), xoroshiro128plus(5));
  expect(odd.subarray(0, 3).every((x) => x !== 0 && Number.isFinite(x))).toBe(true);
});
