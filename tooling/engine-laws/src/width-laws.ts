import type { Engine, Pairs, ParameterLayout } from "@kshot/contract";
import { type GruConfig, gruConfig, gruParameterLayout, initialParameters } from "@kshot/gru-layout";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EngineUnderTest } from "./engine-under-test.js";
import { items, pairs, shape } from "./examples.js";
import { relativeError } from "./relative-error.js";

/** Sizes of embedding and hidden state: below, at and above the 8 and 32 columns that a kernel computes at a time. */
const widths = [
  [8, 24],
  [24, 32],
  [32, 40],
  [40, 64],
  [72, 96],
  [64, 56],
] as const;

/** Batches that give products of 1, 2, 3, 5 and 7 rows. */
const batches: Readonly<Record<string, Pairs>> = {
  "one history": pairs([items(4)]),
  "two histories": pairs([items(3), items(3)]),
  "three histories": pairs([items(2), items(4), items(3)]),
  "five histories": pairs([items(2), items(2), items(4), items(3), items(3)]),
  "seven histories": pairs(Array.from({ length: 7 }, () => items(3))),
};

/** Tests against a GRU written out in float64, at many widths. Engines that pass agree with each other. */
export function widthLaws({ name, open, rounding = 3e-6 }: EngineUnderTest): void {
  describe.each(widths)(`${name}: embedding %i, hidden %i`, (embeddingDim, hiddenDim) => {
    const config = gruConfig({ ...shape, embeddingDim, hiddenDim });
    const layout = gruParameterLayout(config);
    const theta = initialParameters(config, xoroshiro128plus(1));
    const [u, w] = [2, 3].map((seed) => initialParameters(config, xoroshiro128plus(seed))) as [
      Float32Array,
      Float32Array,
    ];
    let engine: Engine;
    beforeAll(async () => {
      engine = await open(config);
    });
    afterAll(() => engine?.dispose());

    test.each(Object.entries(batches))("%s: scores, loss, gradient and curvature", async (_, examples) => {
      const batch = engine.batch(examples);
      const [logits] = await engine.logits([theta], [batch]);
      const expected = scores(config, layout, Float64Array.from(theta), examples);
      expect(relativeError(logits!.values, Float64Array.from(expected.flat()))).toBeLessThan(rounding);

      const loss = (a: number, b: number) =>
        meanLoss(
          config,
          layout,
          Float64Array.from(theta, (value, i) => value + a * u[i]! + b * w[i]!),
          examples,
        );
      const { losses, gradients } = await engine.gradients([theta], [batch]);
      expect(Math.abs(losses[0]! / loss(0, 0) - 1)).toBeLessThan(rounding);
      const near = 1e-5;
      for (const [direction, slope] of [
        [u, (loss(near, 0) - loss(-near, 0)) / (2 * near)],
        [w, (loss(0, near) - loss(0, -near)) / (2 * near)],
      ] as const) {
        expect(Math.abs(dot(gradients[0]!, direction) - slope) / size(gradients[0]!, direction)).toBeLessThan(rounding);
      }
      const far = 1e-3;
      const [product] = await engine.hessianVectorProducts([theta], [batch], [u]);
      const curvature = (loss(far, far) - loss(far, -far) - loss(-far, far) + loss(-far, -far)) / (4 * far * far);
      expect(Math.abs(dot(product!, w) - curvature) / size(product!, w)).toBeLessThan(1e-5);
    });
  });
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** √Σ(a∘b)²: what a wrong part of the sum a·b is compared with. */
function size(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! * b[i]!) ** 2;
  return Math.sqrt(sum);
}

function meanLoss(config: GruConfig, layout: ParameterLayout, theta: Float64Array, { sequences, labels }: Pairs) {
  const rows = scores(config, layout, theta, { sequences, labels });
  let sum = 0;
  for (const [i, row] of rows.entries()) sum += logSum(row) - row[labels[i]!]!;
  return sum / rows.length;
}

function logSum(row: readonly number[]): number {
  const top = Math.max(...row);
  return top + Math.log(row.reduce((sum, value) => sum + Math.exp(value - top), 0));
}

/** The equations of docs/math.md, one item after the other. */
function scores({ hiddenDim }: GruConfig, layout: ParameterLayout, theta: Float64Array, { sequences }: Pairs) {
  const tensor = (suffix: string) => {
    const { offset, size: length, shape: dims } = layout.tensors.find(({ name }) => name.endsWith(suffix))!;
    const columns = dims[1] ?? 1;
    const values = theta.subarray(offset, offset + length);
    return (row: number) => values.subarray(row * columns, (row + 1) * columns);
  };
  const [embedding, inputWeight, hiddenWeight] = [
    tensor("embedding.weight"),
    tensor("weight_ih_l0"),
    tensor("weight_hh_l0"),
  ];
  const [inputBias, hiddenBias] = [tensor("bias_ih_l0"), tensor("bias_hh_l0")];
  const [outputWeight, outputBias] = [tensor("fc.weight"), tensor("fc.bias")];
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  return Array.from(sequences, (sequence) => {
    let state = new Array<number>(hiddenDim).fill(0);
    for (const item of Array.from(sequence)) {
      const x = embedding(item);
      const input = (row: number) => dot(inputWeight(row), x) + inputBias(row)[0]!;
      const hidden = (row: number) => dot(hiddenWeight(row), state) + hiddenBias(row)[0]!;
      state = state.map((before, i) => {
        const r = sigmoid(input(i) + hidden(i));
        const z = sigmoid(input(hiddenDim + i) + hidden(hiddenDim + i));
        const n = Math.tanh(input(2 * hiddenDim + i) + r * hidden(2 * hiddenDim + i));
        return (1 - z) * n + z * before;
      });
    }
    return Array.from({ length: shape.nItems }, (_, i) => dot(outputWeight(i), state) + outputBias(i)[0]!);
  });
}
