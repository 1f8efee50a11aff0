import { type GruConfig, gruConfig, gruParameterLayout, initialParameters } from "@kshot/gru-layout";
import { createSimdEngine } from "@kshot/gru-simd";
import * as ort from "onnxruntime-web";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, it } from "vitest";
import { encodeOnnx } from "./encode-onnx.js";

ort.env.wasm.numThreads = 1;

/** Largest difference of logits between kshot's engine and the ONNX runtime, over histories of lengths 1 to 50 in one batch. */
async function largestDifference(config: GruConfig, seed: number): Promise<number> {
  const random = xoroshiro128plus(seed);
  const theta = initialParameters(config, random);
  const lengths = Array.from({ length: 50 }, (_, i) => i + 1);
  const sequences = lengths.map((length) => Array.from({ length }, (_, i) => (i * 7 + length * 3) % config.nItems));
  const engine = await createSimdEngine({ config, workers: 1 });
  const [expected] = await engine.logits([theta], [engine.batch({ sequences, labels: lengths.map(() => 0) })]);
  engine.dispose();
  const session = await ort.InferenceSession.create(encodeOnnx({ config, theta }));
  const items = new BigInt64Array(50 * 50);
  sequences.forEach((sequence, row) => {
    sequence.forEach((item, i) => {
      items[50 * row + i] = BigInt(item);
    });
  });
  const { logits } = await session.run({
    items: new ort.Tensor("int64", items, [50, 50]),
    lengths: new ort.Tensor("int32", Int32Array.from(lengths), [50]),
  });
  await session.release();
  expect(logits!.dims).toEqual([50, config.nItems]);
  const found = logits!.data as Float32Array;
  return Array.from(found).reduce((most, value, i) => Math.max(most, Math.abs(value - expected!.values[i]!)), 0);
}

describe("the ONNX runtime gives kshot's logits within 1e-5", () => {
  it.each([
    ["one layer, the default size", gruConfig({ nItems: 343 })],
    ["two layers", gruConfig({ nItems: 31, embeddingDim: 7, hiddenDim: 9, numLayers: 2, dropout: 0 })],
    ["three layers", gruConfig({ nItems: 11, embeddingDim: 4, hiddenDim: 5, numLayers: 3, dropout: 0 })],
    ["one item", gruConfig({ nItems: 1, embeddingDim: 2, hiddenDim: 2 })],
  ])("%s", async (_, config) => {
    expect(await largestDifference(config, 5)).toBeLessThan(1e-5);
  });
});

it("gives the same bytes for the same model, and carries metadata", () => {
  const config = gruConfig({ nItems: 3, embeddingDim: 2, hiddenDim: 2 });
  const theta = new Float32Array(gruParameterLayout(config).size).fill(0.5);
  const bytes = encodeOnnx({ config, theta, metadata: { items: '["ä","b","c"]' } });
  expect(encodeOnnx({ config, theta, metadata: { items: '["ä","b","c"]' } })).toEqual(bytes);
  expect(new TextDecoder().decode(bytes)).toContain('["ä","b","c"]');
});

it("refuses a vector of another size", () => {
  const config = gruConfig({ nItems: 3 });
  expect(() => encodeOnnx({ config, theta: new Float32Array(5) })).toThrow(/theta: 5 parameters/);
});
