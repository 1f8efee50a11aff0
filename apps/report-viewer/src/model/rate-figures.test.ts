import type { NamedResults } from "@kshot/comparison";
import { describe, expect, it } from "vitest";
import { anatomyOf } from "./anatomy.js";
import { itemRates } from "./item-rates.js";
import { equalRate, gateRates, rateDistributions } from "./rates.js";

const tensor = (matrix: number[][]) => ({
  ...{ shape: [matrix.length, matrix[0]!.length], atLow: 0, atHigh: 0, matrix },
  histogram: { edges: [0, 1], counts: [1] },
});

function file(alpha: Record<string, number[][]>, more: object = {}): Pick<NamedResults, "results"> {
  const results = {
    config: { metasgd_config: { alpha_range: [-1, 1] } },
    data: { items: ["a", "b", "c"], trainPairs: [0, 5, 20] },
    alpha: Object.fromEntries(Object.entries(alpha).map(([name, matrix]) => [name, tensor(matrix)])),
    history: { iteration: [], metaLoss: [], validation: [], alpha: {} },
    ...more,
  };
  return { results: results as unknown as NamedResults["results"] };
}

describe("histograms", () => {
  it("of rates with both signs are symmetric around 0 and count every rate", () => {
    const [own] = rateDistributions(file({ "fc.weight": [[-0.02, 0.01, 0.03, 0.03]] }));
    expect([own!.edges[0], own!.edges.at(-1), own!.edges.length]).toEqual([-0.03, 0.03, 61]);
    expect(own!.counts.reduce((sum, count) => sum + count, 0)).toBe(4);
    expect(own!.counts.at(-1)).toBe(2);
  });

  it("leave out tensors whose rates are all equal", () => {
    const one = file({ "fc.weight": [[0.1, 0.2]], "gru.weight_hh_l0": [[0], [0], [0]] });
    expect(rateDistributions(one).map(({ name }) => name)).toEqual(["fc.weight"]);
    expect(gateRates(one)).toEqual([]);
    expect([equalRate(one.results, "gru.weight_hh_l0"), equalRate(one.results, "fc.weight")]).toEqual([0, null]);
  });
});

it("rates by item frequency are the means of each item's row, from rare to frequent items", () => {
  const rates = [
    [0.1, 0.3],
    [0.1, 0.1],
    [0.5, 0.7],
  ];
  const [own, ...rest] = itemRates(file({ "embedding.weight": rates, "gru.weight_ih_l0": rates }));
  expect(rest).toEqual([]);
  expect(own!.rates.map((rate) => Number(rate.toFixed(9)))).toEqual([0.2, 0.1, 0.6]);
  expect(own!.bins.map(({ count }) => count)).toEqual([0, 5, 20]);
  expect(itemRates(file({ "embedding.weight": rates }, { data: { items: ["a", "b", "c"] } }))).toEqual([]);
  expect(itemRates(file({ "embedding.weight": [[1], [1], [1]] }))).toEqual([]);
});

it("the network's parts have their median rates, and their gains where they were measured", () => {
  const alpha = { "embedding.weight": [[0.1, 0.2, 0.9]], "gru.bias_ih_l0": [[0.3]], "fc.bias": [[0.5, 0.5]] };
  const ablation = { none: { mrr: 0.2 }, embedding: { mrr: 0.26 }, all: { mrr: 0.3 } };
  const { blocks, all } = anatomyOf(file(alpha, { ablation }), "mrr");
  expect(all).toBeCloseTo(0.1, 12);
  expect(blocks.map(({ group, median, rates }) => [group, median, rates])).toEqual([
    ["embedding", 0.2, 3],
    ["gru", 0.3, 1],
    ["gru-biases", 0.3, 1],
    ["head", 0.5, 2],
    ["output-bias", 0.5, 2],
  ]);
  expect(blocks[0]!.gain).toBeCloseTo(0.06, 12);
  expect(blocks[1]!.gain).toBeNull();
  expect(anatomyOf(file(alpha), "mrr").blocks.every(({ gain }) => gain === null)).toBe(true);
});
