import type { EpisodeTable } from "@kshot/contract";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, it } from "vitest";
import { episodeSampler, pairBatches } from "../src/index.js";

/** Person 0 has one episode, person 1 two, person 2 three. */
const episodes = { length: 6, user: Int32Array.of(0, 1, 1, 2, 2, 2) } as EpisodeTable;

const sampler = (seed: number, batch: number, mode: "random" | "first" = "random") =>
  episodeSampler({ episodes, batch, mode }).bind(null, xoroshiro128plus(seed));

describe("episodeSampler", () => {
  it("draws people uniformly, then one of a person's episodes uniformly", () => {
    const draw = sampler(1, 1);
    const counts = new Float64Array(6);
    const n = 12000;
    for (let i = 0; i < n; i++) counts[draw()[0]!]! += 1 / n;
    const expected = [1 / 3, 1 / 6, 1 / 6, 1 / 9, 1 / 9, 1 / 9];
    // Five standard deviations of a share at n draws.
    expected.forEach((share, e) => {
      expect(Math.abs(counts[e]! - share), `episode ${e}`).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / n));
    });
  });

  it("never draws a person twice in a batch, and no more than there are", () => {
    const draw = sampler(2, 32);
    for (let i = 0; i < 50; i++) expect(Array.from(draw(), (e) => episodes.user[e]).sort()).toEqual([0, 1, 2]);
  });

  it("takes a person's first episode with `first`", () => {
    const draw = sampler(3, 3, "first");
    for (let i = 0; i < 20; i++) expect([...draw()].sort()).toEqual([0, 1, 3]);
  });

  it("draws the same episodes for the same seed", () => {
    const [a, b, c] = [sampler(4, 2), sampler(4, 2), sampler(5, 2)];
    const draws = (draw: () => Int32Array) => Array.from({ length: 20 }, () => [...draw()]);
    const first = draws(a);
    expect(draws(b)).toEqual(first);
    expect(draws(c)).not.toEqual(first);
  });

  it("refuses an empty table and an empty batch", () => {
    const empty = { length: 0, user: new Int32Array() } as EpisodeTable;
    expect(() => episodeSampler({ episodes: empty, batch: 1, mode: "random" })).toThrow(/none/);
    expect(() => sampler(1, 0)).toThrow(/meta-batch: 0/);
  });
});

it("pairBatches deals every row once, in another order each epoch", () => {
  const rows = Int32Array.from({ length: 100 }, (_, i) => i * 2);
  const random = xoroshiro128plus(1);
  const epoch = () => [...pairBatches(rows, 32, random)];
  const [first, second] = [epoch(), epoch()];
  expect(first.map((batch) => batch.length)).toEqual([32, 32, 32, 4]);
  const flat = (batches: Int32Array[]) => batches.flatMap((batch) => [...batch]);
  expect(flat(first).sort((a, b) => a - b)).toEqual([...rows]);
  expect(flat(second)).not.toEqual(flat(first));
  expect(rows[1]).toBe(2);
});
