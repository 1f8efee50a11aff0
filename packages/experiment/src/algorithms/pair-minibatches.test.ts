import { randomStream } from "@kshot/metrics";
import { expect, it } from "vitest";
import { joined, pairMinibatches } from "./pair-minibatches.js";

const pairs = joined({ sequences: [[0], [1]], labels: [10, 11] }, { sequences: [[2], [3], [4]], labels: [12, 13, 14] });

it("deals out all pairs before one comes again, in a new order each time", () => {
  const batches = pairMinibatches(pairs, 2, 6, randomStream(1, "reptile"));
  expect(batches.map(({ sequences }) => sequences.length)).toEqual([2, 2, 1, 2, 2, 1]);
  const items = batches.map(({ sequences }) => sequences.map((items) => items[0]!));
  const rounds = [items.slice(0, 3).flat(), items.slice(3).flat()];
  for (const round of rounds) expect([...round].sort()).toEqual([0, 1, 2, 3, 4]);
  expect(rounds[0]).not.toEqual(rounds[1]);
  for (const { sequences, labels } of batches)
    expect([...Array.from(labels)]).toEqual(sequences.map((items) => items[0]! + 10));
});

it("takes a person's few pairs all at once, and no minibatch for no step", () => {
  expect(pairMinibatches(pairs, 9, 2, randomStream(1, "reptile")).map(({ labels }) => labels.length)).toEqual([5, 5]);
  expect(pairMinibatches(pairs, 2, 0, randomStream(1, "reptile"))).toEqual([]);
});
