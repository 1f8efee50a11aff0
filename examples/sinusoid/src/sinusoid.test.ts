import type { ParameterVector } from "@kshot/contract";
import { adapt, maml, metaGradientByRecursion, metaSgd } from "@kshot/meta-sgd";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { expect, it } from "vitest";
import { mlpByLoss } from "./mlp-by-loss.js";
import { mlpEngine } from "./mlp-engine.js";
import { initialParameters, sinusoidExperiment } from "./sinusoid-experiment.js";
import { drawPoints, drawSinusoid, uniform } from "./sinusoid-points.js";

const random = xoroshiro128plus(11);
const engine = mlpEngine([6, 5]);
const theta = initialParameters(engine, random);
const direction = theta.map(() => uniform(random, -1, 1));
const alpha = theta.map(() => uniform(random, 0.01, 0.05));
const draw = () => drawPoints(drawSinusoid(random), 7, random);
const batch = engine.batch(draw());
const h = 1e-5;

/** Central differences of a scalar, one coordinate at a time. */
async function differences(f: (x: ParameterVector) => Promise<number>, x: ParameterVector): Promise<Float64Array> {
  const out = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) {
    const [up, down] = [x.slice(), x.slice()];
    up[i]! += h;
    down[i]! -= h;
    out[i] = ((await f(up)) - (await f(down))) / (2 * h);
  }
  return out;
}

function relativeError(a: ParameterVector, b: ParameterVector): number {
  const norm = (v: ParameterVector) => Math.hypot(...v);
  return norm(a.map((value, i) => value - b[i]!)) / norm(b);
}

it("has the gradient of its loss", async () => {
  const { gradients } = await engine.gradients([theta], [batch]);
  const byDifferences = await differences(async (x) => (await engine.gradients([x], [batch])).losses[0]!, theta);
  // h² of the cut-off and 1e-16/h of the rounding are both near 1e-10.
  expect(relativeError(gradients[0]!, byDifferences)).toBeLessThan(1e-8);
});

it("has the Hessian-vector product of its gradient", async () => {
  const [product] = await engine.hessianVectorProducts([theta], [batch], [direction]);
  const at = async (sign: number) =>
    (await engine.gradients([theta.map((value, i) => value + sign * h * direction[i]!)], [batch])).gradients[0]!;
  const [up, down] = [await at(1), await at(-1)];
  const byDifferences = up.map((value, i) => (value - down[i]!) / (2 * h));
  expect(relativeError(product!, byDifferences)).toBeLessThan(1e-8);
});

it("has the exact meta-gradient, by finite differences of the meta-loss through three steps", async () => {
  const tasks = [engine.task(draw(), draw()), engine.task(draw(), draw())];
  const metaLoss = async (t: ParameterVector, a: ParameterVector) => {
    const adapted = await adapt(
      engine,
      t,
      a,
      tasks.map((task) => task.support),
      3,
    );
    const { losses } = await engine.gradients(
      adapted,
      tasks.map((task) => task.query),
    );
    return (losses[0]! + losses[1]!) / 2;
  };
  const exact = await metaGradientByRecursion(engine, theta, alpha, tasks, { innerSteps: 3, order: 2 });
  expect(relativeError(exact.dTheta, await differences((x) => metaLoss(x, alpha), theta))).toBeLessThan(1e-7);
  expect(relativeError(exact.dAlpha, await differences((x) => metaLoss(theta, x), alpha))).toBeLessThan(1e-7);
  const first = await metaGradientByRecursion(engine, theta, alpha, tasks, { innerSteps: 3, order: 1 });
  expect(relativeError(first.dTheta, exact.dTheta)).toBeGreaterThan(1e-2);
});

it("predicts the values that its loss is computed from", async () => {
  const points = draw();
  const [predictions] = await engine.logits([theta], [engine.batch(points)]);
  const { losses } = await engine.gradients([theta], [engine.batch(points)]);
  const error = points.y.reduce((sum, y, i) => sum + (predictions!.values[i]! - y) ** 2, 0) / points.y.length;
  expect(error).toBeCloseTo(losses[0]!, 12);
  expect(() => engine.batch({ x: [], y: [] })).toThrow(/at least one/);
});

it("Meta-SGD learns to fit an unseen sinusoid in one step, better than MAML", async () => {
  const options = { iterations: 200, seed: 1, k: 10, metaBatch: 8, testCurves: 100, steps: [0, 1], outerLr: 0.005 };
  const [before, after] = (await sinusoidExperiment({ ...options, algorithm: metaSgd })).errors;
  const [, mamlAfter] = (await sinusoidExperiment({ ...options, algorithm: maml })).errors;
  expect(after).toBeLessThan(0.5 * before!);
  expect(after).toBeLessThan(0.75 * mamlAfter!);
});

it("MAML through engineOf has the curve of the engine written by hand", async () => {
  const curve = async (own: Awaited<ReturnType<typeof mlpByLoss>>) => {
    const losses: number[] = [];
    const result = await sinusoidExperiment({
      ...{
        algorithm: maml,
        iterations: 30,
        seed: 3,
        k: 10,
        metaBatch: 4,
        testCurves: 10,
        steps: [0, 1],
        outerLr: 0.003,
      },
      ...{ engine: own, logInterval: 1, onLog: (_, loss) => losses.push(loss) },
    });
    return [...losses, ...result.errors];
  };
  const byHand = await curve(mlpEngine([40, 40]));
  const byLoss = await curve(await mlpByLoss([40, 40]));
  expect(byLoss.length).toBe(32);
  // Float32 compared with float64, over 30 steps of Adam.
  for (const [i, value] of byLoss.entries()) expect(Math.abs(value / byHand[i]! - 1), `point ${i}`).toBeLessThan(1e-3);
});
