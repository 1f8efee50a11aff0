import { expect, it } from "vitest";
import { curvedCases, logistic, quadratic, quadratic32, relativeError, tasksOf } from "../test/cases.js";
import { adapt, adaptAtSteps } from "./index.js";

it.each(curvedCases)("0 steps is the identity, in fresh vectors: $name", async ({ engine, theta, alpha, task }) => {
  const [adapted] = await adapt(engine, theta, alpha, [task(0).support], 0);
  expect(adapted).toEqual(theta);
  expect(adapted).not.toBe(theta);
});

it("follows θ − α∘A(θ − c) by hand", async () => {
  const { engine, theta, alpha } = quadratic;
  const n = theta.length;
  // A = 2·identity, c = 1, no slope: θ_k − 1 = (1 − 2α)^k (θ − 1).
  const identity = Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 2 : 0));
  const example = { matrix: identity, centre: Array(n).fill(1), slope: Array(n).fill(0) };
  const batch = (engine.batch as (examples: unknown) => ReturnType<typeof engine.batch>)([example]);
  const [adapted] = await adapt(engine, theta, alpha, [batch], 4);
  const expected = theta.map((value, i) => 1 + (1 - 2 * alpha[i]!) ** 4 * (value - 1));
  expect(relativeError(adapted!, expected)).toBeLessThan(1e-14);
});

it.each(curvedCases)(
  "gives each batch separate parameters, and any number of steps in one pass: $name",
  async (model) => {
    const { engine, theta, alpha } = model;
    const batches = tasksOf(model, 3).map((task) => task.support);
    const before = theta.slice();
    const steps = [5, 0, 2, 5, 1];
    const adapted = await adaptAtSteps(engine, theta, alpha, batches, steps);
    for (const [i, count] of steps.entries()) {
      for (const [b, batch] of batches.entries()) {
        const [alone] = await adapt(engine, theta, alpha, [batch], count);
        expect(adapted[i]![b]).toEqual(alone);
      }
    }
    expect(adapted[0]![0]).not.toEqual(adapted[0]![1]);
    expect(theta).toEqual(before);
  },
);

it("takes as many gradients as the greatest number of steps", async () => {
  const { engine, theta, alpha, task } = logistic;
  let calls = 0;
  const counting = {
    ...engine,
    gradients: (...args: Parameters<typeof engine.gradients>) => {
      calls += 1;
      return engine.gradients(...args);
    },
  };
  await adaptAtSteps(counting, theta, alpha, [task(0).support], [1, 10, 3]);
  expect(calls).toBe(10);
  expect(await adaptAtSteps(counting, theta, alpha, [], [1, 2])).toEqual([[], []]);
  expect(await adaptAtSteps(counting, theta, alpha, [task(0).support], [])).toEqual([]);
  expect(calls).toBe(10);
});

it("computes in the engine's precision", async () => {
  const { engine, theta, alpha, task } = quadratic32;
  const [adapted] = await adapt(engine, theta, alpha, [task(0).support], 3);
  expect(adapted).toBeInstanceOf(Float32Array);
});

it.each([
  ["negative steps", -1, /inner steps: -1/],
  ["half a step", 1.5, /inner steps: 1.5/],
] as const)("refuses %s", async (_, steps, message) => {
  const { engine, theta, alpha, task } = logistic;
  await expect(adapt(engine, theta, alpha, [task(0).support], steps)).rejects.toThrow(message);
});

it("refuses vectors of another model", async () => {
  const { engine, theta, alpha, task } = logistic;
  await expect(adapt(engine, theta.slice(1), alpha, [task(0).support], 1)).rejects.toThrow(/theta: 3 values/);
  await expect(adapt(engine, theta, alpha.slice(1), [task(0).support], 1)).rejects.toThrow(/alpha: 3 values/);
});

it("takes an engine's fused steps for one number of steps, its gradients for several", async () => {
  const { engine, theta, alpha, task } = logistic;
  let fused = 0;
  const both = {
    ...engine,
    adapt: async (...[start, rates, batches, steps]: Parameters<NonNullable<typeof engine.adapt>>) => {
      fused += 1;
      return adapt(engine, start, rates, batches, steps);
    },
  };
  const batches = [task(0).support, task(1).support];
  expect(await adaptAtSteps(both, theta, alpha, batches, [3, 3])).toEqual(
    await adaptAtSteps(engine, theta, alpha, batches, [3, 3]),
  );
  expect(fused).toBe(1);
  await adaptAtSteps(both, theta, alpha, batches, [0, 3]);
  expect(fused).toBe(1);
});
