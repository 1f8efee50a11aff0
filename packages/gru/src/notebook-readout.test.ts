import { gruConfig, gruParameterLayout, initialParameters } from "@kshot/gru-layout";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, test } from "vitest";
import { createTensorEngine } from "./index.js";

const config = gruConfig({ nItems: 7, embeddingDim: 3, hiddenDim: 4, maxSeqLen: 3 });
const layout = gruParameterLayout(config);
const theta = initialParameters(config, xoroshiro128plus(1));
const direction = initialParameters(config, xoroshiro128plus(2));
const short = { sequences: [[1], [1, 2], [4, 5]], labels: [2, 3, 6] };
const mixed = { sequences: [[1], [1, 2, 3], [6, 5, 4, 3]], labels: [2, 3, 6] };
const bias = layout.tensors.find(({ name }) => name === "fc.bias")!;

describe.each(["cpu", "wasm"] as const)("%s", (backend) => {
  test("all sequences short: logits are fc.bias, and nothing but fc.bias has a gradient", async () => {
    const engine = await createTensorEngine({ config, backend, readout: "notebook" });
    const batch = engine.batch(short);
    const [{ values }] = await engine.logits([theta], [batch]);
    for (let row = 0; row < 3; row++) {
      expect(values.subarray(row * 7, (row + 1) * 7)).toEqual(theta.subarray(bias.offset, bias.offset + 7));
    }
    const { gradients } = await engine.gradients([theta], [batch]);
    const [product] = await engine.hessianVectorProducts([theta], [batch], [direction]);
    for (const { name, offset, size } of layout.tensors) {
      const zero = name !== "fc.bias";
      expect(gradients[0].subarray(offset, offset + size).every((g) => g === 0)).toBe(zero);
      // H u is zero outside fc.bias except for fc.bias's own block: the logits depend on nothing else.
      expect(product.subarray(offset, offset + size).every((g) => g === 0)).toBe(zero);
    }
  });

  test("only sequences below the limit, after cropping, are read as zero", async () => {
    const notebook = await createTensorEngine({ config, backend, readout: "notebook" });
    const [zeroed] = await notebook.logits([theta], [notebook.batch(mixed)]);
    const [carried] = await notebook.logits([theta], [notebook.batch(mixed, { readout: "carry" })]);
    expect(zeroed.values.subarray(0, 7)).toEqual(theta.subarray(bias.offset, bias.offset + 7));
    expect(zeroed.values.subarray(7)).toEqual(carried.values.subarray(7));
    expect(carried.values.subarray(0, 7)).not.toEqual(zeroed.values.subarray(0, 7));
  });

  test("a batch's readout overrides the engine's, also beside batches of the other kind", async () => {
    const engine = await createTensorEngine({ config, backend });
    const batches = [
      engine.batch(mixed),
      engine.batch(mixed, { readout: "notebook" }),
      engine.task(mixed, short).support,
    ];
    const logits = await engine.logits([theta, theta, theta], batches);
    const alone = await Promise.all(batches.map((batch) => engine.logits([theta], [batch])));
    for (const [i, { values }] of logits.entries()) expect(values).toEqual(alone[i][0].values);
    expect(logits[0].values).toEqual(logits[2].values);
    expect(logits[0].values).not.toEqual(logits[1].values);
  });
});
