import { expect, it } from "vitest";
import { appendEntry, copyHistory, emptyHistory, mostEntries, thinValidation } from "./training-history.js";

/** A history of `count` logged iterations, whose loss is the iteration's number. */
function logged(count: number, from = { history: emptyHistory<object>(), seconds: [] as number[] }) {
  const { history, seconds } = from;
  for (let i = (history.iteration.at(-1) ?? 0) + 1; i <= count; i++) {
    const rates = { mean: i, std: 0, min: i, max: i, quantiles: [i, i, i, i, i] };
    appendEntry(history, seconds, { iteration: i, metaLoss: i, alpha: { weight: rates }, secondsPerIteration: i });
  }
  return { history, seconds };
}

it("has no more entries than a header can store, for any number of iterations", () => {
  const { history, seconds } = logged(50_000);
  const { iteration, metaLoss, alpha } = history;
  expect(iteration.length).toBeLessThan(mostEntries);
  for (const list of [metaLoss, seconds, alpha.weight!.mean, alpha.weight!.quantiles]) {
    expect(list.length).toBe(iteration.length);
  }
  expect(iteration.at(-1)).toBe(50_000);
  expect(alpha.weight!.mean.at(-1)).toBe(50_000);
  // The mean over all iterations is kept: Σ loss · span = 1 + … + 50,000.
  const sum = iteration.reduce((total, end, i) => total + metaLoss[i]! * (end - (iteration[i - 1] ?? 0)), 0);
  expect(sum / ((50_000 * 50_001) / 2)).toBeCloseTo(1, 12);
});

it("is reduced in the same way with and without a stop of training", () => {
  const half = logged(5000);
  const stored = { history: copyHistory(half.history), seconds: [...half.seconds] };
  expect(logged(12_000, stored)).toEqual(logged(12_000));
});

it("keeps the first, the best and the last validation", () => {
  const validation = Array.from({ length: mostEntries }, (_, iteration) => ({ iteration, metrics: {} }));
  thinValidation({ validation }, 77);
  expect(validation.length).toBeLessThan(mostEntries / 2 + 3);
  const kept = validation.map(({ iteration }) => iteration);
  expect(kept).toEqual(expect.arrayContaining([0, 77, mostEntries - 1]));
});
