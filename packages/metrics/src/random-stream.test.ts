import { uniformInt } from "pure-rand/distribution/uniformInt";
import { expect, it } from "vitest";
import { randomStream } from "./random-stream.js";

const draws = (seed: number, name: string) => {
  const random = randomStream(seed, name);
  return Array.from({ length: 8 }, () => uniformInt(random, 0, 1_000_000));
};

it("gives the same numbers for the same seed and name, others for any other", () => {
  expect(draws(42, "initial")).toEqual(draws(42, "initial"));
  const streams = [draws(42, "initial"), draws(43, "initial"), draws(42, "gru/batches"), draws(42, "maml/episodes")];
  expect(new Set(streams.map(String)).size).toBe(streams.length);
});
