import type { MetaGradient, MetaGradientOptions, ParameterVector, Task } from "@kshot/contract";
import { describe, expect, it } from "vitest";
import { type Case, curvedCases, linear, logistic, quadratic, relativeError, tasksOf } from "../test/cases.js";
import { metaGradient, metaGradientByRecursion } from "./index.js";

/** The meta-loss from its definition, sharing no code with the package. */
async function metaLoss(
  { engine }: Case,
  theta: ParameterVector,
  alpha: ParameterVector,
  tasks: readonly Task[],
  steps: number,
) {
  let total = 0;
  for (const { support, query } of tasks) {
    let current = theta;
    for (let k = 0; k < steps; k++) {
      const { gradients } = await engine.gradients([current], [support]);
      current = current.map((value, i) => value - alpha[i]! * gradients[0]![i]!);
    }
    total += (await engine.gradients([current], [query])).losses[0]!;
  }
  return total / tasks.length;
}

/** Central differences of f at x, one coordinate at a time. */
async function differences(f: (x: ParameterVector) => Promise<number>, x: ParameterVector): Promise<number[]> {
  const h = 1e-5;
  const out: number[] = [];
  for (let i = 0; i < x.length; i++) {
    const [up, down] = [x.slice(), x.slice()];
    up[i]! += h;
    down[i]! -= h;
    out.push(((await f(up)) - (await f(down))) / (2 * h));
  }
  return out;
}

describe.each([0, 1, 3, 5])("after %d inner steps", (innerSteps) => {
  it.each([quadratic, linear, logistic])(
    "the exact gradient equals finite differences of the meta-loss: $name",
    async (model) => {
      const { engine, theta, alpha } = model;
      const tasks = tasksOf(model, 3);
      const exact = await metaGradientByRecursion(engine, theta, alpha, tasks, { innerSteps, order: 2 });
      const byTheta = await differences((x) => metaLoss(model, x, alpha, tasks, innerSteps), theta);
      const byAlpha = await differences((x) => metaLoss(model, theta, x, tasks, innerSteps), alpha);
      // h² of the cut-off and 1e-16/h of the rounding are both near 1e-10.
      expect(relativeError(exact.dTheta, byTheta)).toBeLessThan(1e-8);
      if (innerSteps === 0) expect([...exact.dAlpha].every((value) => value === 0)).toBe(true);
      else expect(relativeError(exact.dAlpha, byAlpha)).toBeLessThan(1e-8);
      const loss = exact.taskLosses.reduce((sum, value) => sum + value, 0) / tasks.length;
      expect(loss).toBeCloseTo(await metaLoss(model, theta, alpha, tasks, innerSteps), 12);
    },
  );
});

it.each(curvedCases)("order 1 is not order 2 if there is curvature: $name", async (model) => {
  const { engine, theta, alpha } = model;
  const of = (order: 1 | 2) =>
    metaGradientByRecursion(engine, theta, alpha, tasksOf(model, 2), { innerSteps: 3, order });
  const [first, second] = [await of(1), await of(2)];
  expect(relativeError(first.dTheta, second.dTheta)).toBeGreaterThan(1e-2);
  expect(relativeError(first.dAlpha, second.dAlpha)).toBeGreaterThan(1e-4);
  expect(first.taskLosses).toEqual(second.taskLosses);
});

it("order 1 is ∇L_query(θ_S), and −Σ g_k∘∇L_query(θ_S) for α", async () => {
  const { engine, theta, alpha, task } = logistic;
  const { support, query } = task(0);
  let current = theta;
  const sum = new Float64Array(theta.length);
  for (let k = 0; k < 3; k++) {
    const [g] = (await engine.gradients([current], [support])).gradients;
    current = current.map((value, i) => value - alpha[i]! * g![i]!);
    g!.forEach((value, i) => {
      sum[i]! += value;
    });
  }
  const [v] = (await engine.gradients([current], [query])).gradients;
  const first = await metaGradientByRecursion(engine, theta, alpha, [task(0)], { innerSteps: 3, order: 1 });
  expect(relativeError(first.dTheta, v!)).toBeLessThan(1e-14);
  expect(
    relativeError(
      first.dAlpha,
      v!.map((value, i) => -sum[i]! * value),
    ),
  ).toBeLessThan(1e-14);
});

it("order 1 is order 2, to the bit, for a loss without curvature", async () => {
  const { engine, theta, alpha } = linear;
  const of = (order: 1 | 2) =>
    metaGradientByRecursion(engine, theta, alpha, tasksOf(linear, 2), { innerSteps: 3, order });
  expect(await of(1)).toEqual(await of(2));
});

it.each(curvedCases)("is the mean over tasks, and does not change its arguments: $name", async (model) => {
  const { engine, theta, alpha } = model;
  const [thetaBefore, alphaBefore] = [theta.slice(), alpha.slice()];
  const tasks = tasksOf(model, 4);
  const options: MetaGradientOptions = { innerSteps: 2, order: 2 };
  const together = await metaGradientByRecursion(engine, theta, alpha, tasks, options);
  const alone: MetaGradient[] = [];
  for (const task of tasks) alone.push(await metaGradientByRecursion(engine, theta, alpha, [task], options));
  const mean = (of: (gradient: (typeof alone)[number]) => ParameterVector) =>
    theta.map((_, i) => alone.reduce((sum, gradient) => sum + of(gradient)[i]!, 0) / alone.length);
  const rounding = theta instanceof Float32Array ? 1e-6 : 1e-14;
  expect(
    relativeError(
      together.dTheta,
      mean((gradient) => gradient.dTheta),
    ),
  ).toBeLessThan(rounding);
  expect(
    relativeError(
      together.dAlpha,
      mean((gradient) => gradient.dAlpha),
    ),
  ).toBeLessThan(rounding);
  expect(together.taskLosses).toEqual(alone.flatMap((gradient) => gradient.taskLosses));
  expect([theta, alpha]).toEqual([thetaBefore, alphaBefore]);
});

it("sums tasks in float64: many small values added to a large one are not lost", async () => {
  const { engine, theta, alpha } = curvedCases[1]!;
  expect(theta).toBeInstanceOf(Float32Array);
  const n = theta.length;
  const task = engine.task as (support: unknown, query: unknown) => Task;
  const slope = (value: number) => [
    { matrix: Array(n * n).fill(0), centre: Array(n).fill(0), slope: Array(n).fill(value) },
  ];
  const tasks = [task(slope(0), slope(2 ** 24)), ...Array.from({ length: 63 }, () => task(slope(0), slope(1)))];
  const { dTheta } = await metaGradientByRecursion(engine, theta, alpha, tasks, { innerSteps: 1, order: 1 });
  expect(dTheta[0]).toBe(Math.fround((2 ** 24 + 63) / 64));
});

it("uses the engine's fused version if there is one, with the same arguments", async () => {
  const { engine, theta, alpha } = logistic;
  const tasks = tasksOf(logistic, 2);
  const options: MetaGradientOptions = { innerSteps: 2, order: 2 };
  const seen: unknown[][] = [];
  const fused = {
    ...engine,
    gradients: () => Promise.reject(new Error("the recursion ran")),
    metaGradient: (...args: Parameters<NonNullable<typeof engine.metaGradient>>) => {
      seen.push(args);
      return metaGradientByRecursion(engine, ...args);
    },
  };
  const byFused = await metaGradient(fused, theta, alpha, tasks, options);
  expect(byFused).toEqual(await metaGradient(engine, theta, alpha, tasks, options));
  expect(seen).toEqual([[theta, alpha, tasks, options]]);
  await expect(metaGradient(fused, theta, alpha, [], options)).rejects.toThrow(/tasks: none/);
});

it.each([
  ["no tasks", { tasks: 0, innerSteps: 1, order: 2 }, /tasks: none/],
  ["order 3", { tasks: 1, innerSteps: 1, order: 3 }, /order: 3/],
  ["negative steps", { tasks: 1, innerSteps: -1, order: 2 }, /innerSteps: -1/],
] as const)("refuses %s", async (_, { tasks, innerSteps, order }, message) => {
  const { engine, theta, alpha } = logistic;
  const options = { innerSteps, order } as MetaGradientOptions;
  await expect(metaGradient(engine, theta, alpha, tasksOf(logistic, tasks), options)).rejects.toThrow(message);
});
