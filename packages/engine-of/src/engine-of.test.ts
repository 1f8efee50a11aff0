import type { ParameterVector, Task } from "@kshot/contract";
import { adaptAtSteps, maml, metaGradientByRecursion, startMetaTraining, trainMeta } from "@kshot/meta-sgd";
import {
  add,
  indices,
  matMul,
  max,
  mean,
  mul,
  relu,
  reshape,
  softmax,
  softmaxCrossEntropy,
  square,
  sub,
  sum,
  tanh,
  tensor,
} from "@kshot/tensor-fn";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, it } from "vitest";
import { engineOf } from "./engine-of.js";

interface Table {
  readonly x: readonly (readonly number[])[];
  readonly y: readonly number[];
}

/** Logistic regression with two classes, as a user would write it. */
const logistic = () =>
  engineOf({
    shapes: { w: [2, 2], b: [2] },
    loss: ({ w, b }, { x, y }: Table) =>
      mean(softmaxCrossEntropy(add(matMul(tensor(x), w), b), indices(y, [y.length]))),
    predict: ({ w, b }, { x }) => add(matMul(tensor(x), w), b),
  });

const table: Table = { x: [[1, 2], [-1, 0.5], [0.3, -2]], y: [0, 1, 1] }; // biome-ignore format: one line
const theta = Float32Array.of(0.2, -0.1, 0.4, 0.3, 0.05, -0.2);
const direction = Float32Array.of(1, -0.5, 0.25, 0.75, -1, 0.5);

/** The same model in float64, by hand. */
function lossByHand(at: ArrayLike<number>): number {
  const [w00, w01, w10, w11, b0, b1] = Array.from(at) as [number, number, number, number, number, number];
  const losses = table.x.map((row, i) => {
    const [x0, x1] = row as [number, number];
    const scores = [x0 * w00 + x1 * w10 + b0, x0 * w01 + x1 * w11 + b1] as const;
    return Math.log(Math.exp(scores[0]) + Math.exp(scores[1])) - scores[table.y[i] as 0 | 1];
  });
  return losses.reduce((a, b) => a + b) / losses.length;
}

const at = (vector: ArrayLike<number>, i: number, step: number) =>
  Float64Array.from(vector, (value, j) => value + (i === j ? step : 0));
const gradientByHand = (vector: ArrayLike<number>) =>
  Array.from(vector, (_, i) => (lossByHand(at(vector, i, 1e-5)) - lossByHand(at(vector, i, -1e-5))) / 2e-5);

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const difference = Array.from(a, (value, i) => value - b[i]!);
  return Math.hypot(...difference) / Math.hypot(...Array.from(b));
}

describe("logistic regression", () => {
  it("has the loss, gradient and Hessian-vector product of its function", async () => {
    const engine = await logistic();
    const batch = engine.batch(table);
    expect(batch.size).toBe(3);
    const { losses, gradients } = await engine.gradients([theta], [batch]);
    expect(losses[0]).toBeCloseTo(lossByHand(theta), 6);
    expect(distance(gradients[0]!, gradientByHand(theta))).toBeLessThan(1e-5);
    const [product] = await engine.hessianVectorProducts([theta], [batch], [direction]);
    const shifted = (sign: number) => gradientByHand(theta.map((value, i) => value + sign * 1e-3 * direction[i]!));
    const [up, down] = [shifted(1), shifted(-1)];
    const byDifferences = up.map((value, i) => (value - down[i]!) / 2e-3);
    expect(distance(product!, byDifferences)).toBeLessThan(1e-4);
  });

  it("predicts", async () => {
    const engine = await logistic();
    const [found] = await engine.logits([theta], [engine.batch(table)]);
    expect([found!.rows, found!.columns]).toEqual([3, 2]);
    expect(found!.values[0]).toBeCloseTo(0.2 + 2 * 0.4 + 0.05, 6);
  });
});

it("an attention block has the meta-gradient of finite differences, through two steps", async () => {
  const engine = await engineOf({
    shapes: { query: [3, 2], key: [3, 2], value: [3, 1] },
    loss: ({ query, key, value }, { x, y }: { x: number[][][]; y: number[] }) => {
      const items = tensor(x);
      const scores = matMul(matMul(items, query), matMul(items, key), false, true);
      const read = matMul(softmax(scores), relu(matMul(items, value)));
      return mean(square(sub(reshape(max(read, [1]), [y.length]), tensor(y))));
    },
  });
  const random = xoroshiro128plus(3);
  const draw = () => 2 * uniformFloat64(random) - 1;
  const examples = () => ({
    x: [1, 2].map(() => [1, 2, 3].map(() => [draw() + 1, draw() + 1, draw() + 1])),
    y: [draw(), draw()],
  });
  const tasks = [engine.task(examples(), examples()), engine.task(examples(), examples())];
  const start = engine.vector().map(() => 0.6 + 0.4 * draw());
  const alpha = engine.vector().fill(0.05);
  const metaLoss = async (t: ParameterVector, a: ParameterVector) => {
    const [fitted] = await adaptAtSteps(engine, t, a, tasks.map(({ support }) => support), [2]); // biome-ignore format: one line
    const { losses } = await engine.gradients(fitted!, tasks.map(({ query }) => query)); // biome-ignore format: one line
    return (losses[0]! + losses[1]!) / 2;
  };
  const { dTheta, dAlpha } = await metaGradientByRecursion(engine, start, alpha, tasks, { innerSteps: 2, order: 2 });
  const differences = async (f: (x: ParameterVector) => Promise<number>, x: ParameterVector, step: number) => {
    const out: number[] = [];
    for (let i = 0; i < x.length; i++) {
      const moved = (by: number) => x.map((value, j) => value + (i === j ? by : 0));
      out.push(((await f(moved(step))) - (await f(moved(-step)))) / (2 * step));
    }
    return out;
  };
  // Differences of float32 losses with step 1e-2 are exact to half a percent; the first-order gradient differs much more.
  expect(distance(dTheta, await differences((x) => metaLoss(x, alpha), start, 1e-2))).toBeLessThan(1e-2);
  expect(distance(dAlpha, await differences((x) => metaLoss(start, x), alpha, 1e-2))).toBeLessThan(1e-2);
  const first = await metaGradientByRecursion(engine, start, alpha, tasks, { innerSteps: 2, order: 1 });
  expect(distance(first.dTheta, dTheta)).toBeGreaterThan(4e-2);
});

it("MAML on sinusoids learns", async () => {
  interface Points {
    readonly x: readonly number[];
    readonly y: readonly number[];
  }
  const engine = await engineOf({
    shapes: { w1: [1, 20], b1: [20], w2: [20, 1], b2: [1] },
    loss: ({ w1, b1, w2, b2 }, { x, y }: Points) => {
      const hidden = tanh(add(matMul(tensor(x, [x.length, 1]), w1), b1));
      return mean(square(sub(add(matMul(hidden, w2), b2), tensor(y, [y.length, 1]))));
    },
  });
  const random = xoroshiro128plus(5);
  const draw = (low: number, high: number) => low + (high - low) * uniformFloat64(random);
  const task = (): Task => {
    const [amplitude, phase] = [draw(0.5, 3), draw(0, Math.PI)];
    const points = () => {
      const x = Array.from({ length: 10 }, () => draw(-3, 3));
      return { x, y: x.map((value) => amplitude * Math.sin(value - phase)) };
    };
    return engine.task(points(), points());
  };
  const test = Array.from({ length: 30 }, task);
  const error = async (t: ParameterVector, a: ParameterVector) => {
    const [fitted] = await adaptAtSteps(engine, t, a, test.map(({ support }) => support), [1]); // biome-ignore format: one line
    const { losses } = await engine.gradients(fitted!, test.map(({ query }) => query)); // biome-ignore format: one line
    return losses.reduce((total, loss) => total + loss, 0) / losses.length;
  };
  const start = engine.vector().map(() => draw(-0.5, 0.5));
  const rates = engine.vector().fill(0.02);
  const { state } = await trainMeta({
    ...{
      engine,
      algorithm: maml,
      initial: startMetaTraining(start, rates),
      tasks: () => Array.from({ length: 4 }, task),
    },
    ...{ iterations: 60, outerLr: 0.01, alphaRange: [1e-4, 1] as const, innerSteps: 1, order: 2 as const },
    ...{ evalInterval: 60, patience: 0, logInterval: 60 },
  });
  expect(await error(state.theta, state.alpha)).toBeLessThan(0.7 * (await error(start, rates)));
});

describe("refuses", () => {
  const one = (loss: Parameters<typeof engineOf<"w", number[]>>[0]["loss"]) => engineOf({ shapes: { w: [2] }, loss });
  it.each<[string, () => Promise<unknown>, string, RegExp]>([
    ["no parameter", () => engineOf({ shapes: {}, loss: () => tensor(0) }), "USAGE", /no parameter/],
    ["a shape with 0", () => engineOf({ shapes: { w: [0] }, loss: () => tensor(0) }), "USAGE", /shapes\.w: \[0\]/],
    ["no example", async () => (await one(({ w }) => sum(w))).batch([]), "USAGE", /0 examples/],
    [
      "offsets of a batch",
      async () => (await one(({ w }) => sum(w))).batch([1], { offsets: new Float32Array(1) }),
      "USAGE",
      /batch: offsets\. Expected no option/,
    ],
    [
      "a vector of another length",
      async () => {
        const engine = await one(({ w }) => sum(w));
        return engine.gradients([new Float32Array(3)], [engine.batch([1])]);
      },
      "USAGE",
      /3 values at position 0/,
    ],
    [
      "a loss that is not a scalar",
      async () => {
        const engine = await one(({ w }) => w);
        return engine.gradients([engine.vector()], [engine.batch([1])]);
      },
      "USAGE",
      /shape \[2\]/,
    ],
    [
      "a loss that is not a number",
      async () => {
        const engine = await one(({ w }) => sum(mul(w, Number.NaN)));
        return engine.gradients([engine.vector()], [engine.batch([1])]);
      },
      "FAILED",
      /loss of batch 0: NaN/,
    ],
    [
      "predictions without a function",
      async () => {
        const engine = await one(({ w }) => sum(w));
        return engine.logits([engine.vector()], [engine.batch([1])]);
      },
      "USAGE",
      /predict/,
    ],
  ])("%s", async (_, ask, code, message) => {
    await expect(ask()).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});
