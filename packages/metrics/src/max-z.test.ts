import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, it } from "vitest";
import { maxZ } from "./index.js";

const generator = xoroshiro128plus(21);
const normal = () =>
  Math.sqrt(-2 * Math.log(1 - uniformFloat64(generator))) * Math.cos(2 * Math.PI * uniformFloat64(generator));

/**
 * Settings without effect, as in a tuning: 24 ways of adapting, each after 1 … 10 steps that move further in the same direction.
 */
function settings(people: number): number[][] {
  return Array.from({ length: 24 }, () => {
    const way = Array.from({ length: people }, normal);
    const step = Array.from({ length: people }, normal);
    return Array.from({ length: 10 }, (_, k) => way.map((value, p) => value + (k / 10) * step[p]!));
  }).flat();
}

describe("the max-z test", () => {
  it("makes a false choice in about one of twenty choices among 240 settings; two standard errors make far more", () => {
    const draws = 200;
    let steps = 0;
    let careless = 0;
    for (let draw = 0; draw < draws; draw++) {
      const { z, p } = maxZ(settings(40), generator, { permutations: 199 });
      if (Math.min(...p) <= 0.05) steps++;
      if (Math.max(...z) >= 2) careless++;
    }
    // 5 % and three standard errors of 200 draws.
    expect(steps / draws).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / draws));
    expect(careless / draws).toBeGreaterThan(0.2);
  });

  it("finds an existing effect, and reports the value expected by chance", () => {
    const all = settings(60);
    const real = all[100]!.map((value) => value + 1);
    const { p, z, byChance } = maxZ([...all, real], generator);
    expect(p.at(-1)).toBeLessThan(0.01);
    expect(z.at(-1)).toBe(Math.max(...z));
    expect(byChance.z).toBeGreaterThan(1.5);
    expect(byChance.z).toBeLessThan(3.5);
    expect(byChance.gain).toBeGreaterThan(0);
    expect(byChance.gain).toBeLessThan(1);
  });

  it("is the exact share of sign patterns for one candidate of few people", () => {
    // z is largest for all signs +: one of 2⁴ patterns; and two of 16 are as extreme as one −0.1.
    const { p } = maxZ([[0.4, 0.3, 0.2, 0.1]], generator, { permutations: 20_000 });
    expect(p[0]).toBeCloseTo(1 / 16, 2);
    expect(maxZ([[0, 0, 0]], generator).p).toEqual([1]);
    expect(maxZ([[0, 0, 0]], generator).z).toEqual([0]);
  });

  it.each([
    ["nobody", [[]], /nobody/],
    ["other people", [[1, 2], [1]], /different people/],
  ])("refuses %s", (_, differences, message) => {
    expect(() => maxZ(differences, generator)).toThrow(message);
  });
});
