import { describe, expect, it } from "vitest";
import { familyInWords, familyOf, type TestedMethod, withHolm } from "./family.js";

const method = (algorithm: string, p: number | null): TestedMethod => ({
  algorithm,
  tests: p === null ? null : { mrr: { p, pHolm: null }, "accuracy@1": { p: p / 2, pHolm: null } },
  pHolm: null,
});
const window = (...methods: TestedMethod[]) => ({ family: familyOf([]), methods });

describe("Holm's correction", () => {
  const windows = [
    window(method("gru", null), method("meta-sgd", 0.01), method("ideal", 0.0001)),
    window(method("gru", null), method("meta-sgd", 0.02), method("ideal", 0.0001)),
  ];

  it("is over methods, windows and metrics, without bounds and the reference", () => {
    const [first, second] = withHolm(windows, "mrr");
    expect(first?.family).toEqual({ tests: 4, methods: 1, windows: 2, metrics: 2 });
    // .005 · 4, .01 · 3, .01 · 2 (never below the one before), .02 · 1
    expect(first?.methods[1]?.tests).toEqual({
      mrr: { p: 0.01, pHolm: 0.03 },
      "accuracy@1": { p: 0.005, pHolm: 0.02 },
    });
    expect(second?.methods[1]?.pHolm).toBe(0.03);
    expect(first?.methods.map(({ pHolm }) => pHolm)).toEqual([null, 0.03, null]);
  });

  it("is the same when it is computed again", () => {
    const once = withHolm(windows, "mrr");
    expect(withHolm(once, "mrr")).toEqual(once);
  });

  it("in words", () => {
    expect(familyInWords(familyOf(windows))).toBe("4 tests (1 method, 2 windows, 2 metrics)");
    expect(familyInWords(familyOf([window(method("gru", null))]))).toBeNull();
  });
});
