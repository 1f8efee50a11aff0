import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, it } from "vitest";
import { dropItems, dropSessionItems } from "./item-dropout.js";

const pairs = {
  sequences: Array.from({ length: 500 }, () => Int32Array.from({ length: 21 }, (_, i) => i)),
  labels: new Array<number>(500).fill(7),
};

it("keeps the last item and the order, and drops the requested share", () => {
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

describe("by session", () => {
  const session = Int32Array.from({ length: 40 }, (_, i) => i);
  const histories = Array.from({ length: 39 }, (_, i) => session.subarray(i < 20 ? 0 : 10, i + 1));
  const positions = histories.map((_, i) => (i < 20 ? 0 : 10));
  const drop = (seed: number, rate = 0.3) => dropSessionItems(histories, positions, rate, xoroshiro128plus(seed));

  it("an item is kept in all histories or in none; a history's last item is always kept", () => {
    const kept = drop(1).map((history) => [...history]);
    for (const [i, history] of kept.entries()) {
      expect(history.at(-1)).toBe(i);
      expect(history).toEqual([...history].sort((a, b) => a - b));
      const earlier = kept.slice(0, i).map((other) => other.filter((item) => item < other.at(-1)!));
      for (const [j, other] of earlier.entries()) {
        const both = (item: number) => item >= positions[i]! && item < j;
        expect(history.filter(both)).toEqual(other.filter(both));
      }
    }
  });

  it("drops the requested share, the same for the same seed, nothing at rate 0", () => {
    const last = Array.from({ length: 400 }, (_, seed) => drop(seed).at(-1)!.length - 1);
    const share = last.reduce((sum, length) => sum + length, 0) / (400 * 28);
    // 11,200 coins of .7: standard deviation .0043.
    expect(Math.abs(share - 0.7)).toBeLessThan(0.02);
    expect(drop(5)).toEqual(drop(5));
    expect(drop(5)).not.toEqual(drop(6));
    expect(drop(5, 0)).toEqual(histories);
  });

  it("an empty history stays empty: the engine refuses it, naming the pair", () => {
    const [before, empty, after] = dropSessionItems(
      [Int32Array.of(7), Int32Array.of(), Int32Array.of(8)],
      [0, 0, 0],
      0.3,
      xoroshiro128plus(1),
    );
    expect([[...before!], [...empty!], [...after!]]).toEqual([[7], [], [8]]);
  });
});
