import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { describe, expect, it } from "vitest";
import {
  fewPeopleWarning,
  holm,
  intervalCaution,
  pairedDifference,
  pairedDifferences,
  pairedPValues,
  signFlipTest,
} from "./index.js";

const random = () => xoroshiro128plus(7);

function normal(generator: RandomGenerator): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniformFloat64(generator)));
  return radius * Math.cos(2 * Math.PI * uniformFloat64(generator));
}

describe("paired difference", () => {
  it("is the mean over people of the mean over seeds, by hand", () => {
    const found = pairedDifference(
      {
        method: [
          [0.5, 1, 0],
          [0.7, 0.8, 0],
        ],
        reference: [
          [0.5, 0.4, 0.2],
          [0.5, 0.4, 0.2],
        ],
      },
      random(),
    );
    expect(found.byPerson[0]).toBeCloseTo(0.1, 12);
    expect(found.byPerson[1]).toBeCloseTo(0.5, 12);
    expect(found.byPerson[2]).toBeCloseTo(-0.2, 12);
    expect(found.value).toBeCloseTo(0.4 / 3, 12);
    expect(found.bySeed[0]).toBeCloseTo(0.4 / 3, 12);
    expect(found.seedDeviation).toBeCloseTo(0, 12);
    expect(found.low).toBeLessThan(found.value);
    expect(found.high).toBeGreaterThan(found.value);
  });

  it("weighs people by their queries", () => {
    const found = pairedDifference({ method: [[1, 0]], reference: [[0, 0]], queries: [30, 10] }, random());
    expect(found.value).toBe(0.75);
    expect(found.seedDeviation).toBeNull();
  });

  it("gains nothing from more seeds of the same: a person and a seed are not a new person", () => {
    const generator = random();
    const method = Array.from({ length: 60 }, () => normal(generator));
    const zero = method.map(() => 0);
    const one = pairedDifference({ method: [method], reference: [zero] }, random());
    const five = pairedDifference({ method: Array(5).fill(method), reference: Array(5).fill(zero) }, random());
    expect(five.high - five.low).toBeCloseTo(one.high - one.low, 12);
    expect(five.value).toBeCloseTo(one.value, 12);
  });

  it("pairs one reference without seeds with all seeds of a method", () => {
    const found = pairedDifference(
      {
        method: [
          [1, 0],
          [0, 0],
        ],
        reference: [[0, 0]],
      },
      random(),
    );
    expect(found.bySeed).toEqual([0.5, 0]);
    expect(found.byPerson).toEqual([0.5, 0]);
  });

  it("many comparisons at once equal single ones, and a group of queries weighs only people with such queries", () => {
    const generator = random();
    const [a, b] = [1, 2].map(() => Array.from({ length: 40 }, () => normal(generator)));
    const zero = a!.map(() => 0);
    const queries = a!.map((_, p) => (p < 3 ? 2 : 0));
    const comparisons = [
      { method: [a!], reference: [b!] },
      { method: [a!], reference: [zero], queries },
    ];
    const together = pairedDifferences(comparisons, random());
    expect(together).toEqual(comparisons.map((comparison) => pairedDifference(comparison, random())));
    expect(together[1]!.value).toBeCloseTo((a![0]! + a![1]! + a![2]!) / 3, 12);
    expect([together[1]!.people, together[1]!.differing]).toEqual([3, 2]);
  });

  // 500 draws of a skewed population (most people gain nothing, some much), as for differences of Acc@1.
  const coverage = (people: number) => {
    const generator = xoroshiro128plus(11);
    let covered = 0;
    for (let simulation = 0; simulation < 500; simulation++) {
      const method = Array.from({ length: people }, () => {
        const kind = uniformFloat64(generator);
        return kind < 0.6 ? 0 : kind < 0.85 ? uniformFloat64(generator) : -0.5 * uniformFloat64(generator);
      });
      const truth = 0.25 * 0.5 - 0.15 * 0.25;
      const { low, high } = pairedDifference({ method: [method], reference: [method.map(() => 0)] }, generator, {
        resamples: 300,
      });
      if (low <= truth && truth <= high) covered++;
    }
    return covered / 500;
  };

  // docs/intervals.md has the simulation with enough draws; the error of 500 is .01.
  it("covers the truth in 92 to 98 of 100 simulations with 60 people", () => {
    const covered = coverage(60);
    expect(covered).toBeGreaterThan(0.92);
    expect(covered).toBeLessThan(0.98);
  });

  it("includes the variance of trainings: three different seeds give Student's t with 2 degrees of freedom if people are equal", () => {
    const people = Array.from({ length: 500 }, (_, p) => 1e-6 * (p % 7));
    const effects = [0.1, 0.2, 0.3];
    const method = effects.map((effect) => people.map((value) => value + effect));
    const { value, low, high } = pairedDifference({ method, reference: [people.map(() => 0)] }, random());
    // t(0.975, 2) = 4.303, SE = 0.1/√3; 8,000 draws leave about 4 %.
    const side = (4.303 * 0.1) / Math.sqrt(3);
    expect((value - low) / side).toBeCloseTo(1, 0.8);
    expect((high - value) / side).toBeCloseTo(1, 0.8);
    expect(Math.abs((high - low) / (2 * side) - 1)).toBeLessThan(0.08);
  });

  it("is cut to the range that the figure can have", () => {
    const few = Array.from({ length: 8 }, (_, p) => (p === 0 ? 1 : 0));
    const wide = pairedDifference({ method: [few], reference: [few.map(() => 0)] }, random());
    const cut = pairedDifference({ method: [few], reference: [few.map(() => 0)] }, random(), { range: [0, 0.2] });
    expect(wide.high).toBeGreaterThan(0.2);
    expect([cut.low, cut.high]).toEqual([Math.max(0, wide.low), 0.2]);
  });

  it.each([
    ["other people", { method: [[1, 2]], reference: [[1]] }, /lists of 2 and 1 people/],
    ["nobody", { method: [[]], reference: [[]] }, /nobody/],
    ["seeds that do not pair", { method: [[1], [1]], reference: [[1], [1], [1]] }, /2 and 3 seeds/],
  ])("refuses %s", (_, input, message) => {
    expect(() => pairedDifference(input, random())).toThrow(message);
  });
});

describe("sign-flip test", () => {
  it("is near the share of all 2⁸ sign patterns that are as extreme", () => {
    const differences = [0.3, -0.1, 0.4, 0.2, 0, 0.5, -0.2, 0.1];
    const observed = Math.abs(differences.reduce((a, b) => a + b));
    let extreme = 0;
    for (let bits = 0; bits < 256; bits++) {
      const sum = differences.reduce((total, value, i) => total + ((bits >> i) & 1 ? value : -value), 0);
      if (Math.abs(sum) >= observed - 1e-12) extreme++;
    }
    expect(signFlipTest(differences, random(), { permutations: 100_000 })).toBeCloseTo(extreme / 256, 2);
  });

  it("is uniform without an effect, and as small as possible if all people agree", () => {
    const generator = xoroshiro128plus(5);
    let rejected = 0;
    for (let simulation = 0; simulation < 1000; simulation++) {
      const differences = Array.from({ length: 40 }, () => normal(generator));
      if (signFlipTest(differences, generator, { permutations: 199 }) <= 0.05) rejected++;
    }
    expect(rejected / 1000).toBeGreaterThan(0.03);
    expect(rejected / 1000).toBeLessThan(0.07);
    expect(signFlipTest(Array(50).fill(0.1), random(), { permutations: 999 })).toBe(1 / 1000);
    expect(signFlipTest([0, 0, 0], random())).toBe(1);
  });
});

describe("paired p-values", () => {
  const generator = xoroshiro128plus(9);
  const people = Array.from({ length: 40 }, () => 0.25 + 0.3 * normal(generator));
  const zero = people.map(() => 0);

  it("are the sign-flip test for one seed", () => {
    const [p] = pairedPValues([{ method: [people], reference: [zero] }], random(), { permutations: 20_000 });
    expect(Math.abs((p ?? 0) - signFlipTest(people, random(), { permutations: 20_000 }))).toBeLessThan(0.004);
  });

  it("increase with the variance of the seeds, and do not depend on other comparisons", () => {
    const shifted = (by: number) => people.map((value) => value + by);
    const agreed = { method: [shifted(-0.01), people, shifted(0.01)], reference: [zero] };
    const apart = { method: [shifted(-0.3), people, shifted(0.3)], reference: [zero] };
    const [near = 1, far = 0] = pairedPValues([agreed, apart], random());
    expect(near).toBeLessThan(0.005);
    expect(far).toBeGreaterThan(0.2);
    expect(pairedPValues([apart], random())).toEqual([far]);
  });
});

it("Holm's correction: the worked example", () => {
  expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
  expect(holm([0.9, 0.8])).toEqual([1, 1]);
  expect(holm([])).toEqual([]);
});

it("warns below 30 people", () => {
  expect(fewPeopleWarning(30)).toBeNull();
  expect(fewPeopleWarning(29)).toContain("29 people");
  expect(intervalCaution({ people: 29, differing: 29 })).toContain("29 people");
});

it("warns if few of many people differ", () => {
  expect(intervalCaution({ people: 162, differing: 30 })).toBeNull();
  expect(intervalCaution({ people: 162, differing: 29 })).toMatch(/Only 29 of 162 people differ/);
  expect(intervalCaution({ people: 162, differing: 0 })).toMatch(/All 162 people have the same value/);
});
