import { gruConfig, gruParameterLayout, initialParameters } from "@kshot/gru-layout";
import { metaGradientByRecursion } from "@kshot/meta-sgd";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { expect, test } from "vitest";
import { createSimdEngine } from "../dist/index.js";
import { relativeError } from "../test/relative-error.js";

const config = gruConfig({ nItems: 7, embeddingDim: 3, hiddenDim: 4, maxSeqLen: 3 });
const layout = gruParameterLayout(config);
const theta = initialParameters(config, xoroshiro128plus(1));
const direction = initialParameters(config, xoroshiro128plus(2));
const short = { sequences: [[1], [1, 2], [4, 5]], labels: [2, 3, 6] };
const mixed = { sequences: [[1], [1, 2, 3], [6, 5, 4, 3]], labels: [2, 3, 6] };
const bias = layout.tensors.find(({ name }) => name === "fc.bias")!;
const alpha = theta.map(() => 0.05);

test("all sequences short: logits are fc.bias, and nothing but fc.bias has a gradient", async () => {
  const engine = await createSimdEngine({ config, readout: "notebook", workers: 1 });
  const batch = engine.batch(short);
  const [{ values }] = await engine.logits([theta], [batch]);
  for (let row = 0; row < 3; row++) {
    expect(values.subarray(row * 7, (row + 1) * 7)).toEqual(theta.subarray(bias.offset, bias.offset + 7));
  }
  const { gradients } = await engine.gradients([theta], [batch]);
  const [product] = await engine.hessianVectorProducts([theta], [batch], [direction]);
  const task = engine.task(short, short);
  const { dTheta, dAlpha } = await engine.metaGradient(theta, alpha, [task], { innerSteps: 2, order: 2 });
  for (const { name, offset, size } of layout.tensors) {
    const zero = name !== "fc.bias";
    for (const vector of [gradients[0], product, dTheta, dAlpha]) {
      expect(vector.subarray(offset, offset + size).every((g) => g === 0)).toBe(zero);
    }
  }
});

test("only sequences below the limit, after cropping, are read as zero; a batch's readout overrides the engine's", async () => {
  const notebook = await createSimdEngine({ config, readout: "notebook", workers: 1 });
  const [zeroed] = await notebook.logits([theta], [notebook.batch(mixed)]);
  const [carried] = await notebook.logits([theta], [notebook.batch(mixed, { readout: "carry" })]);
  expect(zeroed.values.subarray(0, 7)).toEqual(theta.subarray(bias.offset, bias.offset + 7));
  expect(zeroed.values.subarray(7)).toEqual(carried.values.subarray(7));
  expect(carried.values.subarray(0, 7)).not.toEqual(zeroed.values.subarray(0, 7));
});

test("short and full histories together: fused = recursion", async () => {
  const engine = await createSimdEngine({ config, readout: "notebook", workers: 1 });
  const tasks = [engine.task(mixed, short), engine.task(short, mixed), engine.task(mixed, mixed)];
  const options = { innerSteps: 3, order: 2 } as const;
  const fused = await engine.metaGradient(theta, alpha, tasks, options);
  const recursion = await metaGradientByRecursion(engine, theta, alpha, tasks, options);
  expect(relativeError(fused.dTheta, recursion.dTheta)).toBeLessThan(2e-5);
  expect(relativeError(fused.dAlpha, recursion.dAlpha)).toBeLessThan(2e-5);
});
