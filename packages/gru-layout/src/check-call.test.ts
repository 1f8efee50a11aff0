import { KshotError, parameterLayout } from "@kshot/contract";
import { describe, expect, test } from "vitest";
import { checkInnerClip, checkMetaGradient, checkQueries, checkSteps, checkVectors } from "./check-call.js";
import { checkStateDropout } from "./check-state-dropout.js";
import { allFinite, notFinite } from "./not-finite.js";

const layout = parameterLayout([
  ["embedding.weight", [2, 2]],
  ["fc.bias", [2]],
]);
const vector = (...values: number[]) => Float32Array.from(values);
const whole = vector(1, 2, 3, 4, 5, 6);

describe("arguments of an engine's call", () => {
  test.each<[string, () => void, RegExp]>([
    ["too few vectors", () => checkVectors("E", { thetas: [whole] }, 2, layout), /^E, thetas: 1 for 2 batches/],
    ["a short vector", () => checkVectors("E", { thetas: [whole], u: [vector(1)] }, 1, layout), /^E, u\[0\]: 1 values/],
    ["half a step", () => checkSteps(0.5), /^inner steps: 0\.5\. Expected a whole number from 0/],
    ["steps below 0", () => checkSteps(-1), /^inner steps: -1/],
    [
      "steps that fall",
      () => checkQueries("E", [[], [], []], [0, 5, 1], 0),
      /^inner steps: 0, 5, 1\. Expected ascending/,
    ],
    [
      "a step among them that is not a number",
      () => checkQueries("E", [[], []], [0, Number.NaN], 0),
      /^inner steps: NaN/,
    ],
    [
      "a list of queries too few",
      () => checkQueries("E", [[1]], [0, 5], 1),
      /^E, queries: lists of 1\. Expected 2 lists/,
    ],
    ["a person without a query", () => checkQueries("E", [[1], []], [0, 5], 1), /^E, queries: lists of 1, 0\./],
    ["order 3", () => checkMetaGradient(1, 3, 1), /^order: 3\. Expected 1 or 2/],
    ["no tasks", () => checkMetaGradient(1, 2, 0), /^tasks: none/],
    ["a clip of 0", () => checkInnerClip(0), /^innerClip: 0\. Expected a number above 0/],
    ["an endless clip", () => checkInnerClip(Number.POSITIVE_INFINITY), /^innerClip: Infinity/],
    ["dropout of 1", () => checkStateDropout({ rate: 1, kept: new Uint8Array(4) }, 2, 2), /rate: 1\. Expected/],
    ["a mask that is too short", () => checkStateDropout({ rate: 0, kept: new Uint8Array(3) }, 2, 2), /3 values for 2/],
  ])("%s: USAGE", (_, call, message) => {
    expect(call).toThrow(message);
    expect(call).toThrow(expect.objectContaining({ code: "USAGE" }));
  });

  test("what is allowed is accepted", () => {
    checkVectors("E", { thetas: [whole, whole] }, 2, layout);
    checkQueries("E", [[1], [1], [1]], [0, 0, 5], 1);
    checkMetaGradient(0, 1, 1);
    checkInnerClip(undefined);
    checkInnerClip(0.25);
    checkStateDropout({ rate: 0.5, kept: new Uint8Array(4) }, 2, 2);
  });
});

describe("values that are not finite", () => {
  test("allFinite", () => {
    expect(allFinite(whole)).toBe(true);
    expect(allFinite(vector(1, Number.NaN))).toBe(false);
    expect(allFinite(vector(1, Number.NEGATIVE_INFINITY))).toBe(false);
  });

  test.each<[string, Record<string, Float32Array | undefined>, RegExp]>([
    [
      "the first tensor",
      { θ: vector(1, 2, 3, 4, 5, Number.NaN) },
      /from NaN in fc\.bias\[1\] of θ\. Expected a finite θ/,
    ],
    ["the second vector", { θ: whole, α: vector(1, Number.NaN, 3, 4, 5, 6) }, /NaN in embedding\.weight\[1\] of α/],
    ["a vector without the embedding", { θ: vector(Number.POSITIVE_INFINITY, 1) }, /Infinity in fc\.bias\[0\] of θ/],
    ["neither: the products overflowed", { θ: whole, α: undefined }, /every parameter is finite/],
  ])("the error names %s", (_, vectors, message) => {
    const error = notFinite("loss of batch 3", Number.NaN, vectors, layout);
    expect(KshotError.isInstance(error) && error.code).toBe("FAILED");
    expect(error.message).toMatch(/^loss of batch 3: NaN, from /);
    expect(error.message).toMatch(message);
  });
});
