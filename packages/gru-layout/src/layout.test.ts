import { expect, test } from "vitest";
import { gruConfig } from "./config.js";
import { gruParameterCount, gruParameterLayout } from "./layout.js";

test("PyTorch's names and shapes in PyTorch's order", () => {
  const layout = gruParameterLayout(gruConfig({ nItems: 7, embeddingDim: 2, hiddenDim: 3, numLayers: 2, dropout: 0 }));
  expect(layout.tensors.map(({ name, shape }) => [name, shape])).toEqual([
    ["embedding.weight", [7, 2]],
    ["gru.weight_ih_l0", [9, 2]],
    ["gru.weight_hh_l0", [9, 3]],
    ["gru.bias_ih_l0", [9]],
    ["gru.bias_hh_l0", [9]],
    ["gru.weight_ih_l1", [9, 3]],
    ["gru.weight_hh_l1", [9, 3]],
    ["gru.bias_ih_l1", [9]],
    ["gru.bias_hh_l1", [9]],
    ["fc.weight", [7, 3]],
    ["fc.bias", [7]],
  ]);
});

test("the default model with 343 items has 140,695 parameters", () => {
  expect(gruParameterLayout(gruConfig({ nItems: 343 })).size).toBe(140_695);
});

test.each([
  { nItems: 343 },
  { nItems: 7, embeddingDim: 2, hiddenDim: 3, numLayers: 4, dropout: 0 },
  { nItems: 5, embeddingDim: 9, hiddenDim: 1, numLayers: 2, dropout: 0 },
])("the count of parameters is the size of the layout: %o", (sizes) => {
  expect(gruParameterCount(gruConfig(sizes))).toBe(gruParameterLayout(gruConfig(sizes)).size);
});
