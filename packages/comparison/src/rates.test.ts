import { describe, expect, it } from "vitest";
import { layerFinding, rateTable } from "./rates.js";

const row = (mean: number) => ({ mean, std: 0.001, min: mean / 2, max: 2 * mean });
const layers = (embedding: number, gru: number, output: number, more = {}) => ({
  "embedding.weight": row(embedding),
  "gru.weight_hh_l0": row(gru),
  "fc.weight": row(output),
  ...more,
});

describe("what the learned rates say", () => {
  it.each([
    [
      "the expected order",
      layers(0.03, 0.01, 0.02),
      "Learned rates, fastest first: the item embeddings (mean α 0.0300), then the output layer (mean α 0.0200), then the GRU's hidden weights (mean α 0.0100). The expected order, item embeddings fastest and the GRU slowest, holds.",
    ],
    [
      "embeddings faster than the GRU, and the output faster than both",
      layers(0.03, 0.02, 0.05),
      "Learned rates, fastest first: the output layer (mean α 0.0500), then the item embeddings (mean α 0.0300), then the GRU's hidden weights (mean α 0.0200). The expected order, item embeddings fastest and the GRU slowest, does not hold.",
    ],
    [
      "means that are nearly the same",
      layers(0.1, 0.1, 0.1001),
      "Learned rates, fastest first: the output layer (mean α 0.100) and, about as fast, the item embeddings (mean α 0.100) and, about as fast, the GRU's hidden weights (mean α 0.100). The expected order, item embeddings fastest and the GRU slowest, does not hold.",
    ],
    [
      "rates of 0 for all but one tensor",
      layers(0, 0, 0, { "fc.bias": row(1) }),
      "Only fc.bias adapts: the rates of all other tensors are 0.",
    ],
    [
      "rates of 0 for two layers",
      layers(0, 0, 0.1),
      "Learned rates, fastest first: the output layer (mean α 0.100); the item embeddings and the GRU's hidden weights do not adapt (all rates are 0). The expected order, item embeddings fastest and the GRU slowest, does not hold.",
    ],
    [
      "negative rates, which are slower than any other",
      layers(0.01, -0.02, 0.005),
      "Learned rates, fastest first: the item embeddings (mean α 0.0100), then the output layer (mean α 0.00500), then the GRU's hidden weights (mean α -0.0200). The expected order, item embeddings fastest and the GRU slowest, holds.",
    ],
  ])("%s", (_, rates, says) => expect(layerFinding(rates)).toBe(says));

  it.each([
    ["rates that are all 0", layers(0, 0, 0, { "fc.bias": row(0) })],
    ["a missing layer", { "fc.bias": row(1) }],
    [
      "one rate for all",
      Object.fromEntries(Object.keys(layers(1, 1, 1)).map((name) => [name, { mean: 0.1, min: 0.1, max: 0.1 }])),
    ],
  ])("nothing of %s", (_, rates) => expect(layerFinding(rates)).toBeNull());
});

it("the table has each tensor and the finding", () => {
  const text = rateTable({ "gru.weight_hh_l0": { mean: 0.01, std: 0.001, min: 0.0001, max: 0.1 } }, "A finding.");
  expect(text).toMatch(/^gru\.weight_hh_l0 +0\.010000 +0\.001000 +0\.000100 +0\.100000$/m);
  expect(text).toMatch(/─\nA finding\.$/);
  expect(rateTable({}, null)).toMatch(/─$/);
});
