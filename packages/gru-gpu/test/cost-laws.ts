import { randomPairs, relativeError, shape } from "@kshot/engine-laws";
import { gruConfig, initialParameters } from "@kshot/gru-layout";
import { createSimdEngine } from "@kshot/gru-simd";
import { nextAdamStep } from "@kshot/meta-sgd";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { expect, test } from "vitest";
import { open, software } from "./adapter.js";

const config = gruConfig({ ...shape, nItems: 700 });
const theta = initialParameters(config, xoroshiro128plus(1));
const alpha = initialParameters(config, xoroshiro128plus(2)).map((value) => 0.1 * Math.abs(value));
const people = Array.from({ length: 9 }, (_, i) => [randomPairs(2 + (i % 4), 9), randomPairs(9 - (i % 5), 9)] as const);
const options = { innerSteps: 2, order: 2 } as const;

/** Tests of what a call costs, of rounds, and of a card's 256 threads. */
export function costLaws(): void {
  test("a meta-gradient is two dispatches and one read, each round adds two, and the bits are the same", async () => {
    const [whole, parts] = [await open({ config }), await open({ config, memoryBytes: 2 ** 20 })];
    try {
      const ask = (engine: typeof whole) =>
        engine.metaGradient(
          theta,
          alpha,
          people.map(([support, query]) => engine.task(support, query)),
          options,
        );
      const expected = await ask(whole);
      // A loss per step and one at the end, for each task; dθ and dα.
      const bytesRead = 4 * ((options.innerSteps + 1) * people.length + 2 * whole.layout.size);
      expect(whole.counts).toEqual({ dispatches: 2, reads: 1, bytesRead });
      const found = await ask(parts);
      expect(parts.counts.dispatches).toBeGreaterThanOrEqual(6);
      expect(parts.counts).toEqual({ dispatches: parts.counts.dispatches, reads: 1, bytesRead });
      expect(found).toEqual(expected);
      expect(await ask(parts)).toEqual(expected);
    } finally {
      whole.dispose();
      parts.dispose();
    }
  });

  test("an iteration of resident training is three dispatches, and reads the losses and one word", async () => {
    const engine = await open({ config });
    try {
      const zeros = () => ({
        firstMoment: new Float64Array(theta.length),
        secondMoment: new Float64Array(theta.length),
      });
      const training = await engine.residentTraining({
        theta: { parameters: theta, ...zeros() },
        alpha: { parameters: alpha, ...zeros() },
        adapting: engine.layout.tensors,
      });
      const tasks = people.map(([support, query]) => engine.task(support, query));
      const state = { step: 0, ...zeros() };
      const theta1 = nextAdamStep(state, 1e-3);
      const { taskLosses, finite } = await training.iterate(tasks, {
        ...options,
        theta: theta1,
        alpha: { step: theta1, range: [1e-4, 0.1] },
      });
      expect(finite).toBe(true);
      expect(engine.counts).toEqual({
        dispatches: 3,
        reads: 1,
        bytesRead: 4 * ((options.innerSteps + 1) * people.length + 1),
      });
      expect(taskLosses).toEqual((await engine.metaGradient(theta, alpha, tasks, options)).taskLosses);
      training.dispose();
    } finally {
      engine.dispose();
    }
  });

  test("256 threads per workgroup, the default on a card, give the results of the SIMD engine, wider than a workgroup", async () => {
    // 3H = 273 columns, 300 items and 20 query pairs go beyond every tile. In software each thread costs time: one layer and one step.
    const numLayers = software ? 1 : 2;
    const wide = gruConfig({ nItems: 300, embeddingDim: 35, hiddenDim: 91, numLayers, maxSeqLen: 9, dropout: 0 });
    const [gpu, simd] = [
      await open({ config: wide, threads: 256 }),
      await createSimdEngine({ config: wide, workers: 1 }),
    ];
    try {
      const start = initialParameters(wide, xoroshiro128plus(3));
      const rates = start.map((value) => 0.1 * Math.abs(value));
      const [support, query] = [randomPairs(5, 9), randomPairs(20, 9)];
      const ask = (engine: typeof gpu | typeof simd) =>
        engine.metaGradient(start, rates, [engine.task(support, query)], { innerSteps: numLayers, order: 2 });
      const [found, expected] = [await ask(gpu), await ask(simd)];
      expect(relativeError(found.taskLosses, expected.taskLosses)).toBeLessThan(3e-6);
      expect(relativeError(found.dTheta, expected.dTheta)).toBeLessThan(2e-5);
      expect(relativeError(found.dAlpha, expected.dAlpha)).toBeLessThan(2e-5);
    } finally {
      gpu.dispose();
      simd.dispose();
    }
  });
}
