import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { expect, it } from "vitest";
import { dropItems } from "./item-dropout.js";

const pairs = {
  sequences: Array.from({ length: 500 }, () => Int32Array.from({ length: 21 }, (_, i) => i)),
  labels: new Array<number>(500).fill(7),
};

it("keeps the last item and the order, and drops the share it was asked for", () => {
  const { sequences, labels } = dropItems(pairs, 0.3, xoroshiro128plus(1));
  const kept = sequences.map((sequence) => Array.from(sequence));
  expect(labels).toBe(pairs.labels);
  for (const sequence of kept) {
    expect(sequence.at(-1)).toBe(20);
    expect([...sequence]).toEqual([...sequence].sort((a, b) => a - b));
  }
  const share = kept.reduce((sum, sequence) => sum + sequence.length - 1, 0) / (500 * 20);
  // 10,000 coins of .7: standard deviation .0046.
  expect(Math.abs(share - 0.7)).toBeLessThan(0.02);
});

it("is the same for the same seed, another for another, and nothing at rate 0", () => {
  const drop = (seed: number) => dropItems(pairs, 0.5, xoroshiro128plus(seed)).sequences.map((s) => Array.from(s));
  expect(drop(1)).toEqual(drop(1));
  expect(drop(1)).not.toEqual(drop(2));
  expect(dropItems(pairs, 0, xoroshiro128plus(1))).toBe(pairs);
});
