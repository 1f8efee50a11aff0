import type { Engine, Pairs, ParameterVector } from "@kshot/contract";
import { type GruConfig, gruConfig, initialParameters } from "@kshot/gru-layout";
import { adapt, metaGradientByRecursion } from "@kshot/meta-sgd";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { beforeAll, describe, expect, test } from "vitest";
import { createSimdEngine, simdBuilds } from "../dist/index.js";
import { anyPairs, examples, shape } from "../test/examples.js";
import { relativeError } from "../test/relative-error.js";

/** Two ways to compute the same sum differ by the rounding of float32, about 1e-7 times the square root of the number of terms. */
const rounding = 3e-6;

const names = Object.keys(examples);

interface Evaluation {
  readonly logits: ArrayLike<number>;
  readonly loss: number;
  readonly gradient: ParameterVector;
  readonly product: ParameterVector;
}

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

const cases = simdBuilds().flatMap((build) => [1, 2, 3].map((numLayers) => ({ build, numLayers })));

describe.each(cases)("$build, $numLayers layers", ({ build, numLayers }) => {
  const config: GruConfig = gruConfig({ ...shape, numLayers });
  const vector = (seed: number) => initialParameters(config, xoroshiro128plus(seed));
  const thetas = names.map((_, i) => vector(10 + i));
  const directions = names.map((_, i) => vector(20 + i));
  let engine: Awaited<ReturnType<typeof createSimdEngine>>;
  let together: Evaluation[];
  beforeAll(async () => {
    engine = await createSimdEngine({ config, build, workers: 1 });
    together = await evaluate(engine, thetas, Object.values(examples), directions);
  });

  test.each(names)("%s: alone = among others, to the bit", async (name) => {
    const i = names.indexOf(name);
    const [alone] = await evaluate(engine, [thetas[i]], [examples[name]], [directions[i]]);
    // A batch of several parts is added part by part, beside others or alone.
    expect(alone).toEqual(together[i]);
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

  test("a sequence beyond the limit is its last items", async () => {
    const i = names.indexOf("beyond the limit");
    const { sequences, labels } = Object.values(examples)[i];
    const cropped = { sequences: sequences.map((s) => Array.from(s).slice(-config.maxSeqLen)), labels };
    const [evaluation] = await evaluate(engine, [thetas[i]], [cropped], [directions[i]]);
    expect(evaluation).toEqual(together[i]);
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
    expect(relativeError(difference, together[i].product)).toBeLessThan(1e-2);
  });

  const tasks = () => Array.from({ length: 6 }, (_, i) => engine.task(anyPairs(2 + i, 12), anyPairs(9 - i, 12)));
  const alpha = vector(30).map((value) => 0.05 * Math.abs(value));

  test.each([0, 1, 2, 4])("the fused meta-gradient is the recursion: %i inner steps", async (innerSteps) => {
    const made = tasks();
    for (const order of [1, 2] as const) {
      const options = { innerSteps, order };
      const fused = await engine.metaGradient(thetas[0], alpha, made, options);
      const recursion = await metaGradientByRecursion(engine, thetas[0], alpha, made, options);
      expect(relativeError(fused.taskLosses, recursion.taskLosses)).toBeLessThan(rounding);
      expect(relativeError(fused.dTheta, recursion.dTheta)).toBeLessThan(2e-5);
      if (innerSteps === 0) expect(fused.dAlpha.every((value) => value === 0)).toBe(true);
      else expect(relativeError(fused.dAlpha, recursion.dAlpha)).toBeLessThan(2e-5);
    }
  });

  test("adapting in one go is adapting step by step", async () => {
    const batches = tasks().map(({ support }) => support);
    for (const steps of [0, 1, 5]) {
      const fused = await engine.adapt(thetas[0], alpha, batches, steps);
      const byStep = await adapt(engine, thetas[0], alpha, batches, steps);
      for (const [i, theta] of fused.entries()) {
        if (steps === 0) expect(theta).toEqual(thetas[0]);
        expect(relativeError(theta, byStep[i])).toBeLessThan(1e-6);
      }
    }
  });

  test("arguments are not written to, and results are fresh", async () => {
    const [theta, direction, rates] = [thetas[0].slice(), directions[0].slice(), alpha.slice()];
    const batch = engine.batch(Object.values(examples)[0]);
    const first = await engine.gradients([theta], [batch]);
    const kept = first.gradients[0].slice();
    await engine.hessianVectorProducts([theta], [batch], [direction]);
    await engine.metaGradient(theta, rates, tasks(), { innerSteps: 2, order: 2 });
    await engine.adapt(theta, rates, [batch], 2);
    await engine.gradients([direction], [batch]);
    expect([theta, direction, rates]).toEqual([thetas[0], directions[0], alpha]);
    expect(first.gradients[0]).toEqual(kept);
  });
});
