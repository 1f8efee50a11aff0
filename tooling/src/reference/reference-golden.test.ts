import { type Golden, goldenSchema } from "@kshot/contract/schemas";
import { goldenFiles, readGolden } from "@kshot/engine-laws";
import { expect, test } from "vitest";
import { goldenErrors } from "./golden-errors.js";
import { goldenFromSeed } from "./golden-from-seed.js";
import { referenceGolden } from "./reference-golden.js";

/** Both sides compute in float64; only the order of sums differs. */
const tolerance = 1e-10;

test("the four golden files are there", () => {
  expect(goldenFiles).toEqual(["disjoint-items.json", "odd-sizes.json", "one-layer.json", "two-layer.json"]);
});

test.each(goldenFiles)("%s: every quantity equals PyTorch's double backward", (file) => {
  const expected = readGolden(file);
  const { config, theta, alpha, tasks, training, support0 } = expected;
  const actual = referenceGolden(config, theta, alpha, tasks, training, support0.direction);
  expect(actual.shapes).toEqual(expected.shapes);
  for (const [quantity, error] of Object.entries(goldenErrors(actual, expected))) {
    expect(error, quantity).toBeLessThan(tolerance);
  }
});

test("a generated file fits the schema, is the same for the same seed, and another for another", () => {
  const plan = {
    config: { nItems: 12, embeddingDim: 3, hiddenDim: 4, numLayers: 2, maxSeqLen: 5, innerSteps: 2 },
    kinds: ["nested", "sessions", "unrelated"] as const,
    outerSteps: 3,
    disjoint: true,
  };
  const golden: Golden = goldenFromSeed(plan, 3);
  expect(goldenSchema.parse(JSON.parse(JSON.stringify(golden)))).toEqual(golden);
  expect(goldenFromSeed(plan, 3)).toEqual(golden);
  expect(goldenFromSeed(plan, 4).meta.secondOrder.loss).not.toBe(golden.meta.secondOrder.loss);
  const itemsOf = ({ support, query }: Golden["tasks"][number]) =>
    new Set([support, query].flatMap(({ sequences, labels }) => [...sequences.flat(), ...labels]));
  const items = golden.tasks.map(itemsOf);
  expect(new Set(items.flatMap((set) => [...set])).size).toBe(items.reduce((sum, { size }) => sum + size, 0));
  const lengths = golden.tasks[2].support.sequences.map(({ length }) => length);
  expect(Math.max(...lengths)).toBeGreaterThan(plan.config.maxSeqLen);
});
