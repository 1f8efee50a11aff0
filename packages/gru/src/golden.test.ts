import { backendInstalled, backendNames } from "@kshot/tensor-fn";
import { describe, expect, test } from "vitest";
import { flat, golden, goldenFiles } from "../test/golden.js";
import { relativeError } from "../test/relative-error.js";
import { createTensorEngine } from "./index.js";

/** contract.md's tolerance for float32 against float64. */
const tolerance = 2e-5;

describe.each(backendNames.filter(backendInstalled))("%s", (backend) => {
  test("there are golden files", () => expect(goldenFiles.length).toBeGreaterThanOrEqual(4));

  test.each(goldenFiles)("%s: logits, loss, gradient and Hessian-vector product are PyTorch's", async (file) => {
    const { config, shapes, theta, tasks, support0 } = golden(file);
    const engine = await createTensorEngine({ config, backend });
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

  test.each(goldenFiles)("%s: first-order meta-gradient by the recursion, all tasks at once", async (file) => {
    const { config, theta, alpha, tasks, adapted0, meta } = golden(file);
    const innerSteps = Number(Object.keys(adapted0).at(-1));
    const engine = await createTensorEngine({ config, backend });
    const made = tasks.map(({ support, query }) => engine.task(support, query));
    const rates = flat(alpha);
    let points = made.map(() => Float32Array.from(flat(theta)));
    for (let step = 0; step < innerSteps; step++) {
      const { gradients } = await engine.gradients(
        points,
        made.map(({ support }) => support),
      );
      points = points.map((point, i) => point.map((value, j) => value - rates[j] * gradients[i][j]));
    }
    const { losses, gradients } = await engine.gradients(
      points,
      made.map(({ query }) => query),
    );
    expect(relativeError(losses, meta.firstOrder.taskLosses)).toBeLessThan(tolerance);
    const mean = gradients[0].map((_, j) => gradients.reduce((sum, g) => sum + g[j], 0) / gradients.length);
    expect(relativeError(mean, flat(meta.firstOrder.dTheta))).toBeLessThan(tolerance);
  });
});
