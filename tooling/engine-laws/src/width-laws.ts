import type { Engine, Pairs, ParameterLayout } from "@kshot/contract";
import { type GruConfig, gruConfig, gruParameterLayout, initialParameters } from "@kshot/gru-layout";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EngineUnderTest } from "./engine-under-test.js";
import { items, pairs, shape } from "./examples.js";
import { relativeError } from "./relative-error.js";

/** Sizes of embedding and hidden state: below, at and above the 8 and 32 columns that a kernel computes at a time, with and without padding. */
const widths = [
  [6, 7],
  [8, 24],
  [24, 32],
  [33, 40],
  [32, 71],
  [72, 96],
] as const;

/** Batches that give products of 1, 2, 3, 5 and 7 rows. */
const batches: Readonly<Record<string, Pairs>> = {
  "one history": pairs([items(4)]),
  "two histories": pairs([items(3), items(3)]),
  "three histories": pairs([items(2), items(4), items(3)]),
  "five histories": pairs([items(2), items(2), items(4), items(3), items(3)]),
  "seven histories": pairs(Array.from({ length: 7 }, () => items(3))),
};

/**
 * Tests against a GRU written out in float64, at many widths, with dropout on the state where the engine has it. Derivatives are
 * differences of its loss, so that nothing of them is written twice.
 */
export function widthLaws({
  name,
  open,
  layers = [1, 2],
  rounding = 3e-6,
  stateDropout = false,
}: EngineUnderTest): void {
  const models = widths.flatMap(([embeddingDim, hiddenDim]) =>
    layers.map((numLayers) => gruConfig({ ...shape, embeddingDim, hiddenDim, numLayers })),
  );
  describe.each(models.map((config) => [config.embeddingDim, config.hiddenDim, config.numLayers, config] as const))(
    `${name}: embedding %i, hidden %i, layers %i`,
    (_, hiddenDim, __, config) => {
      const layout = gruParameterLayout(config);
      const theta = initialParameters(config, xoroshiro128plus(1));
      const [u, w] = [2, 3].map((seed) => initialParameters(config, xoroshiro128plus(seed))) as [
        Float32Array,
        Float32Array,
      ];
      const random = xoroshiro128plus(4);
      let engine: Engine;
      beforeAll(async () => {
        engine = await open(config);
      });
      afterAll(() => engine?.dispose());

      test.each(Object.entries(batches))("%s: scores, loss, gradient and curvature", async (_, examples) => {
        const rate = stateDropout ? 0.3 : 0;
        const kept = Uint8Array.from({ length: examples.sequences.length * hiddenDim }, () =>
          random.next() >>> 0 < rate * 2 ** 32 ? 0 : 1,
        );
        const factors = Float64Array.from(kept, (unit) => unit / (1 - rate));
        const batch = engine.batch(examples, stateDropout ? { stateDropout: { rate, kept } } : {});
        const [logits] = await engine.logits([theta], [batch]);
        const expected = scores(config, layout, Float64Array.from(theta), examples, factors);
        expect(relativeError(logits!.values, Float64Array.from(expected.flat()))).toBeLessThan(rounding);

        const loss = (a: number, b: number) => {
          const point = Float64Array.from(theta, (value, i) => value + a * u[i]! + b * w[i]!);
          return meanLoss(scores(config, layout, point, examples, factors), examples.labels);
        };
        const { losses, gradients } = await engine.gradients([theta], [batch]);
        expect(Math.abs(losses[0]! / loss(0, 0) - 1)).toBeLessThan(rounding);
        const near = 1e-5;
        for (const [direction, slope] of [
          [u, (loss(near, 0) - loss(-near, 0)) / (2 * near)],
          [w, (loss(0, near) - loss(0, -near)) / (2 * near)],
        ] as const) {
          expect(Math.abs(dot(gradients[0]!, direction) - slope) / size(gradients[0]!, direction)).toBeLessThan(
            rounding,
          );
        }
        const far = 1e-3;
        const [product] = await engine.hessianVectorProducts([theta], [batch], [u]);
        const curvature = (loss(far, far) - loss(far, -far) - loss(-far, far) + loss(-far, -far)) / (4 * far * far);
        expect(Math.abs(dot(product!, w) - curvature) / size(product!, w)).toBeLessThan(1e-5);
      });
    },
  );
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

function meanLoss(rows: readonly (readonly number[])[], labels: ArrayLike<number>): number {
  let sum = 0;
  for (const [i, row] of rows.entries()) sum += logSum(row) - row[labels[i]!]!;
  return sum / rows.length;
}

function logSum(row: readonly number[]): number {
  const top = Math.max(...row);
  return top + Math.log(row.reduce((sum, value) => sum + Math.exp(value - top), 0));
}

/** The equations of docs/math.md, one item after the other. `factors` `[pairs, hidden]`: of the states that the output reads. */
function scores(
  { hiddenDim, numLayers }: GruConfig,
  layout: ParameterLayout,
  theta: Float64Array,
  { sequences }: Pairs,
  factors: Float64Array,
): number[][] {
  const tensor = (name: string) => {
    const { offset, size: length, shape: dims } = layout.tensors.find((each) => each.name === name)!;
    const columns = dims[1] ?? 1;
    const values = theta.subarray(offset, offset + length);
    return (row: number) => values.subarray(row * columns, (row + 1) * columns);
  };
  const [embedding, outputWeight, outputBias] = [tensor("embedding.weight"), tensor("fc.weight"), tensor("fc.bias")];
  const cells = Array.from({ length: numLayers }, (_, layer) => {
    const [inputWeight, hiddenWeight, inputBias, hiddenBias] = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"].map(
      (name) => tensor(`gru.${name}_l${layer}`),
    ) as [typeof embedding, typeof embedding, typeof embedding, typeof embedding];
    return (x: ArrayLike<number>, state: readonly number[]) => {
      const input = (row: number) => dot(inputWeight(row), x) + inputBias(row)[0]!;
      const hidden = (row: number) => dot(hiddenWeight(row), state) + hiddenBias(row)[0]!;
      return state.map((before, i) => {
        const r = sigmoid(input(i) + hidden(i));
        const z = sigmoid(input(hiddenDim + i) + hidden(hiddenDim + i));
        const n = Math.tanh(input(2 * hiddenDim + i) + r * hidden(2 * hiddenDim + i));
        return (1 - z) * n + z * before;
      });
    };
  });
  return Array.from(sequences, (sequence, pair) => {
    const states = cells.map(() => new Array<number>(hiddenDim).fill(0));
    for (const item of Array.from(sequence)) {
      let x: ArrayLike<number> = embedding(item);
      for (const [layer, cell] of cells.entries()) x = states[layer] = cell(x, states[layer]!);
    }
    const top = states.at(-1)!.map((value, i) => value * factors[pair * hiddenDim + i]!);
    return Array.from({ length: shape.nItems }, (_, i) => dot(outputWeight(i), top) + outputBias(i)[0]!);
  });
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
