import type { Engine, Pairs, ParameterVector } from "@kshot/contract";
import { type GruConfig, gruConfig, initialParameters } from "@kshot/gru-layout";
import { tensorCount } from "@kshot/tensor-fn";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { beforeAll, describe, expect, test } from "vitest";
import { relativeError } from "../test/relative-error.js";
import { createTensorEngine } from "./index.js";

/**
 * Two ways to compute the same sum differ by the rounding of float32, about 1e-7 times the square root of the number of terms.
 */
const rounding = 2e-6;

const shape = { nItems: 11, embeddingDim: 3, hiddenDim: 5, maxSeqLen: 6, dropout: 0 };
const random = xoroshiro128plus(3);
const items = (length: number) => Array.from({ length }, () => uniformInt(random, 0, shape.nItems - 1));
const pairs = (sequences: number[][]): Pairs => ({ sequences, labels: items(sequences.length) });

const history = items(5);
/** Forests of unlike shapes: each stands beside the others in one call. */
const examples: Record<string, Pairs> = {
  "nested prefixes": pairs(history.map((_, i) => history.slice(0, i + 1))),
  "one pair": pairs([items(4)]),
  "unrelated sequences": pairs([items(1), items(6), items(3), items(3)]),
  "branches, and one history with two labels": pairs([[1], [1, 2], [1, 3], [1, 3], [1, 2, 4], [5], [1, 3, 3, 3]]),
  "beyond the limit": pairs([items(9), items(7), items(6), items(2)]),
};
const names = Object.keys(examples);

interface Evaluation {
  readonly logits: ArrayLike<number>;
  readonly loss: number;
  readonly gradient: ParameterVector;
  readonly product: ParameterVector;
}

/** Everything that an engine computes. */
async function evaluate(
  engine: Engine,
  thetas: ParameterVector[],
  examples: Pairs[],
  directions: ParameterVector[],
): Promise<Evaluation[]> {
  const batches = examples.map((example) => engine.batch(example));
  const { losses, gradients } = await engine.gradients(thetas, batches);
  const products = await engine.hessianVectorProducts(thetas, batches, directions);
  const logits = await engine.logits(thetas, batches);
  return batches.map((_, i) => ({
    logits: logits[i].values,
    loss: losses[i],
    gradient: gradients[i],
    product: products[i],
  }));
}

function expectSame(a: Evaluation, b: Evaluation) {
  expect(relativeError(a.logits, b.logits)).toBeLessThan(rounding);
  expect(Math.abs(a.loss / b.loss - 1)).toBeLessThan(rounding);
  expect(relativeError(a.gradient, b.gradient)).toBeLessThan(rounding);
  expect(relativeError(a.product, b.product)).toBeLessThan(rounding);
}

const mean = (vectors: ParameterVector[]) =>
  Float64Array.from(vectors[0], (_, i) => vectors.reduce((sum, vector) => sum + vector[i], 0) / vectors.length);

const cases = (["cpu", "wasm"] as const).flatMap((backend) => [1, 2].map((numLayers) => ({ backend, numLayers })));

describe.each(cases)("$backend, $numLayers layers", ({ backend, numLayers }) => {
  const config: GruConfig = gruConfig({ ...shape, numLayers });
  const vector = (seed: number) => initialParameters(config, xoroshiro128plus(seed));
  const thetas = names.map((_, i) => vector(10 + i));
  const directions = names.map((_, i) => vector(20 + i));
  let engine: Engine;
  let together: Evaluation[];
  beforeAll(async () => {
    engine = await createTensorEngine({ config, backend });
    together = await evaluate(engine, thetas, Object.values(examples), directions);
  });

  test.each(names)("%s: alone = among others of other shapes", async (name) => {
    const i = names.indexOf(name);
    const [alone] = await evaluate(engine, [thetas[i]], [examples[name]], [directions[i]]);
    expectSame(alone, together[i]);
  });

  test.each(names)("%s: sharing prefixes = the mean over pairs that run separately", async (name) => {
    const i = names.indexOf(name);
    const { sequences, labels } = examples[name];
    const separate = sequences.map((sequence, pair) => ({ sequences: [sequence], labels: [labels[pair]] }));
    const evaluations = await evaluate(
      engine,
      separate.map(() => thetas[i]),
      separate,
      separate.map(() => directions[i]),
    );
    expectSame(
      {
        logits: evaluations.flatMap(({ logits }) => Array.from(logits)),
        loss: evaluations.reduce((sum, { loss }) => sum + loss, 0) / evaluations.length,
        gradient: mean(evaluations.map(({ gradient }) => gradient)),
        product: mean(evaluations.map(({ product }) => product)),
      },
      together[i],
    );
  });

  test.each(names)("%s: the order of pairs does not matter", async (name) => {
    const i = names.indexOf(name);
    const { sequences, labels } = examples[name];
    const reversed = { sequences: [...sequences].reverse(), labels: Array.from(labels).reverse() };
    const [evaluation] = await evaluate(engine, [thetas[i]], [reversed], [directions[i]]);
    const { nItems } = config;
    const logits = sequences.flatMap((_, pair) =>
      Array.from(evaluation.logits).slice((sequences.length - 1 - pair) * nItems, (sequences.length - pair) * nItems),
    );
    expectSame({ ...evaluation, logits }, together[i]);
  });

  test("the order of batches is the order of results", async () => {
    const reverse = <T>(list: T[]) => [...list].reverse();
    const evaluations = await evaluate(engine, reverse(thetas), reverse(Object.values(examples)), reverse(directions));
    for (const [i, evaluation] of reverse(evaluations).entries()) expectSame(evaluation, together[i]);
  });

  test("a sequence beyond the limit is its last items", async () => {
    const { sequences, labels } = examples["beyond the limit"];
    const cropped = { sequences: sequences.map((sequence) => Array.from(sequence).slice(-6)), labels };
    const i = names.indexOf("beyond the limit");
    const [evaluation] = await evaluate(engine, [thetas[i]], [cropped], [directions[i]]);
    expectSame(evaluation, together[i]);
  });

  test("one θ for all, given as one array or as copies, gives the same logits", async () => {
    const batches = Object.values(examples).map((example) => engine.batch(example));
    const [theta] = thetas;
    const shared = await engine.logits(
      batches.map(() => theta),
      batches,
    );
    const copies = await engine.logits(
      batches.map(() => theta.slice()),
      batches,
    );
    for (const [i, { rows, columns, values }] of shared.entries()) {
      expect([rows, columns]).toEqual([batches[i].size, config.nItems]);
      expect(relativeError(values, copies[i].values)).toBeLessThan(rounding);
    }
  });

  test("the gradient and the product are the loss's differences", async () => {
    // Central differences of float32 losses: the error is rounding / step + step², least near 1e-2 and then about 1e-3.
    const step = 1e-2;
    const i = names.indexOf("branches, and one history with two labels");
    const [theta, u] = [thetas[i], directions[i]];
    const along = (sign: number) => theta.map((value, j) => value + sign * step * u[j]);
    const batch = engine.batch(Object.values(examples)[i]);
    const { losses, gradients } = await engine.gradients([along(1), along(-1)], [batch, batch]);
    const slope = u.reduce((sum, value, j) => sum + value * together[i].gradient[j], 0);
    expect((losses[0] - losses[1]) / (2 * step)).toBeCloseTo(slope, 2);
    const difference = gradients[0].map((g, j) => (g - gradients[1][j]) / (2 * step));
    expect(relativeError(difference, together[i].product)).toBeLessThan(5e-3);
  });

  test("arguments are not written to, and results are fresh", async () => {
    const theta = thetas[0].slice();
    const batch = engine.batch(examples["one pair"]);
    const first = await engine.gradients([theta], [batch]);
    const second = await engine.gradients([theta], [batch]);
    expect(theta).toEqual(thetas[0]);
    expect(second.gradients[0]).not.toBe(first.gradients[0]);
    expect(second).toEqual(first);
  });

  test("the number of tensors stays flat, also when a call fails", async () => {
    const batches = Object.values(examples).map((example) => engine.batch(example));
    const broken = [thetas[0].map(() => Number.NaN), ...thetas.slice(1)];
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
  });
});
