import type { MetaGradient } from "@kshot/contract";
import { describe, expect, test } from "vitest";
import { createSimdEngine, simdBuilds } from "../dist/index.js";
import { flat, golden, goldenFiles } from "../test/golden.js";
import { relativeError } from "../test/relative-error.js";

/** contract.md's tolerances for float32 against float64. */
const tolerance = 2e-5;
const movementTolerance = 1e-3;

test("there are golden files, and a build", () => {
  expect(goldenFiles.length).toBeGreaterThanOrEqual(4);
  expect(simdBuilds()).toContain("simd");
});

describe.each(simdBuilds())("%s", (build) => {
  test.each(goldenFiles)("%s: logits, loss, gradient and Hessian-vector product are PyTorch's", async (file) => {
    const { config, shapes, theta, tasks, support0 } = golden(file);
    const engine = await createSimdEngine({ config, build, workers: 1 });
    expect(engine.description).toEqual({ name: "simd", backend: build, workers: 1 });
    expect(engine.layout.tensors.map(({ name, shape }) => [name, shape])).toEqual(Object.entries(shapes));
    const point = Float32Array.from(flat(theta));
    const { support } = engine.task(tasks[0].support, tasks[0].query);

    const [logits] = await engine.logits([point], [support]);
    expect([logits.rows, logits.columns]).toEqual([tasks[0].support.labels.length, config.nItems]);
    expect(relativeError(logits.values, support0.logits.flat())).toBeLessThan(tolerance);

    const { losses, gradients } = await engine.gradients([point], [support]);
    expect(Math.abs(losses[0] / support0.loss - 1)).toBeLessThan(tolerance);
    expect(relativeError(gradients[0], flat(support0.gradient))).toBeLessThan(tolerance);

    const [product] = await engine.hessianVectorProducts([point], [support], [flat(support0.direction)]);
    expect(relativeError(product, flat(support0.hessianVectorProduct))).toBeLessThan(tolerance);
  });

  test.each(goldenFiles)("%s: adapted parameters move as PyTorch's", async (file) => {
    const { config, theta, alpha, tasks, adapted0 } = golden(file);
    const engine = await createSimdEngine({ config, build, workers: 1 });
    const start = flat(theta);
    const batch = engine.batch(tasks[0].support);
    for (const [steps, right] of Object.entries(adapted0)) {
      const [adapted] = await engine.adapt(start, flat(alpha), [batch], Number(steps));
      const movement = (to: ArrayLike<number>) => start.map((value, i) => to[i] - value);
      // θ itself is rounded to float32 on its way in: the movement is taken from the rounded start.
      const rounded = Float32Array.from(start);
      const moved = Float64Array.from(adapted, (value, i) => value - rounded[i]);
      expect(relativeError(moved, movement(flat(right)))).toBeLessThan(movementTolerance);
    }
  });

  test.each(goldenFiles)("%s: the meta-gradient of both orders is PyTorch's", async (file) => {
    const { config, theta, alpha, tasks, adapted0, meta } = golden(file);
    const innerSteps = Number(Object.keys(adapted0).at(-1));
    const engine = await createSimdEngine({ config, build, workers: 1 });
    const made = tasks.map(({ support, query }) => engine.task(support, query));
    const of = (order: 1 | 2): Promise<MetaGradient> =>
      engine.metaGradient(flat(theta), flat(alpha), made, { innerSteps, order });
    for (const [order, right] of [
      [1, meta.firstOrder],
      [2, meta.secondOrder],
    ] as const) {
      const { taskLosses, dTheta, dAlpha } = await of(order);
      expect(relativeError(taskLosses, right.taskLosses)).toBeLessThan(tolerance);
      expect(relativeError(dTheta, flat(right.dTheta))).toBeLessThan(tolerance);
      expect(relativeError(dAlpha, flat(right.dAlpha))).toBeLessThan(tolerance);
    }
  });
});
