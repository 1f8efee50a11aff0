import { compareWithGolden, type GoldenQuantity } from "@kshot/experiment";
import { createTensorEngine } from "@kshot/gru";
import { gruConfig, gruParameterLayout } from "@kshot/gru-layout";
import { expect, it } from "vitest";
import { fullSizePlan, goldenFromSeed } from "./index.js";

/** Float32 against float64, ‖a − b‖/‖b‖; movements are differences of similar numbers and have a larger tolerance. */
const tolerance = 2e-5;
const movements: readonly GoldenQuantity[] = ["adapted1", "adaptedS", "trainingTheta", "trainingAlpha"];

it("agrees with the float64 reference in every quantity at full size, 140,695 parameters", async () => {
  // Two outer steps: the second is the first that Adam's memory decides. The small golden files train for longer.
  const golden = goldenFromSeed({ ...fullSizePlan, outerSteps: 2 }, 7);
  const { nItems, embeddingDim, hiddenDim, numLayers, maxSeqLen } = golden.config;
  const config = gruConfig({ nItems, embeddingDim, hiddenDim, numLayers, maxSeqLen, dropout: 0 });
  expect(gruParameterLayout(config).size).toBe(140695);
  const engine = await createTensorEngine({ config, backend: "wasm" });
  try {
    const errors = await compareWithGolden(engine, golden, "full size");
    for (const [quantity, error] of Object.entries(errors) as [GoldenQuantity, number][]) {
      expect(error, quantity).toBeLessThan(movements.includes(quantity) ? 1e-3 : tolerance);
    }
  } finally {
    engine.dispose();
  }
});
