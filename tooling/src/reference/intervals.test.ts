import { pairedDifference, pairedPValues } from "@kshot/metrics";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, it } from "vitest";
import { type Drawn, drand48, estimate, exactInterval, exactP, sampledInterval, sampledP } from "./intervals.js";

/** Skewed differences with zeros, people of unequal weight where `weighted`, and trainings that differ. */
function drawn(people: number, seeds: number, seed: number, weighted = false): Drawn {
  const uniform = drand48(seed);
  const person = Array.from({ length: people }, () => (uniform() < 0.3 ? 0 : uniform() ** 2 - 0.2));
  const effects = Array.from({ length: seeds }, () => 0.4 * uniform());
  return {
    values: effects.map((effect) => person.map((value) => value + effect + 0.1 * uniform())),
    weights: person.map(() => (weighted ? Math.floor(4 * uniform()) : 1)),
  };
}

const found = ({ values, weights }: Drawn, resamples: number) =>
  pairedDifference(
    { method: values as number[][], reference: [weights.map(() => 0)], queries: weights as number[] },
    xoroshiro128plus(3),
    { resamples },
  );

// 40,000 draws: the error of a 2.5 % quantile of t is about .01 SE where t is short-tailed, some times that where it is long-tailed.
const draws = 40_000;

describe("intervals are those of a program that shares no code", () => {
  it.each([
    ["equal weights", 5, false],
    ["unequal weights", 6, true],
  ])("by all draws there are: one seed, %s", (_, people, weighted) => {
    const one = drawn(people, 1, 11, weighted);
    const { mean, ofPeople } = estimate(one);
    const [low, high] = exactInterval(one);
    const own = found(one, draws);
    expect(own.value).toBeCloseTo(mean, 12);
    expect(Math.abs(own.low - low)).toBeLessThan(0.04 * Math.sqrt(ofPeople));
    expect(Math.abs(own.high - high)).toBeLessThan(0.04 * Math.sqrt(ofPeople));
  });

  it.each([
    ["3 seeds", 14, 3, false],
    ["10 seeds, unequal weights", 14, 10, true],
  ])("by random draws: %s", (_, people, seeds, weighted) => {
    const some = drawn(people, seeds, 12, weighted);
    const { mean, ofPeople, ofSeeds } = estimate(some);
    expect(ofSeeds).toBeGreaterThan(0.05 * ofPeople);
    const [low, high] = sampledInterval(some, 20_000, 5);
    const own = found(some, draws);
    const error = Math.sqrt(ofPeople + ofSeeds);
    expect(own.value).toBeCloseTo(mean, 12);
    expect(Math.abs(own.low - low)).toBeLessThan(0.1 * error);
    expect(Math.abs(own.high - high)).toBeLessThan(0.1 * error);
  });
});

describe("p-values are those of a program that shares no code", () => {
  const p = ({ values, weights }: Drawn) =>
    pairedPValues(
      [{ method: values as number[][], reference: [weights.map(() => 0)], queries: weights as number[] }],
      xoroshiro128plus(4),
      { permutations: draws },
    )[0]!;

  it.each([false, true])("by all patterns of signs: one seed, weighted %s", (weighted) => {
    const one = drawn(11, 1, 13, weighted);
    expect(Math.abs(p(one) - exactP(one))).toBeLessThan(0.01);
  });

  it("by random flips: 3 seeds", () => {
    const some = drawn(12, 3, 14);
    const reference = sampledP(some, draws, 6);
    expect(reference).toBeGreaterThan(0.005);
    expect(Math.abs(p(some) - reference)).toBeLessThan(0.01);
  });
});
