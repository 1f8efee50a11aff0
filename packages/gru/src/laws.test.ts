import { engineLaws, examples, shape } from "@kshot/engine-laws";
import { gruConfig, initialParameters } from "@kshot/gru-layout";
import { backendInstalled, backendNames, tensorCount } from "@kshot/tensor-fn";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, test } from "vitest";
import { createTensorEngine } from "./index.js";

const backends = backendNames.filter(backendInstalled);

for (const backend of backends) {
  engineLaws({
    name: `tensor, ${backend} backend`,
    open: (config, options) => createTensorEngine({ config, backend, ...options }),
    stateDropout: true,
    offsets: true,
  });
}

describe.each(backends)("%s", (backend) => {
  test("the number of tensors stays flat, also when a call fails", async () => {
    const config = gruConfig({ ...shape, numLayers: 2 });
    const vector = (seed: number) => initialParameters(config, xoroshiro128plus(seed));
    const engine = await createTensorEngine({ config, backend });
    const batches = Object.values(examples).map((example) => engine.batch(example));
    const thetas = batches.map((_, i) => vector(10 + i));
    const directions = batches.map((_, i) => vector(20 + i));
    const broken = [thetas[0]!.map(() => Number.NaN), ...thetas.slice(1)];
    const once = async () => {
      await engine.gradients(thetas, batches);
      await engine.hessianVectorProducts(thetas, batches, directions);
      await engine.logits(thetas, batches);
      await expect(engine.gradients(broken, batches)).rejects.toThrow();
    };
    await once();
    const before = tensorCount();
    for (let i = 0; i < 5; i++) await once();
    expect(tensorCount()).toBe(before);
    engine.dispose();
  });
});
