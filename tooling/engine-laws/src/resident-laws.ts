import type { Engine } from "@kshot/contract";
import { gruConfig, initialParameters } from "@kshot/gru-layout";
import { type MetaTrainingOptions, maml, metaGradient, metaSgd, startMetaTraining, trainMeta } from "@kshot/meta-sgd";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectError } from "./contract-laws.js";
import type { EngineUnderTest } from "./engine-under-test.js";
import { randomPairs, shape } from "./examples.js";
import { relativeError } from "./relative-error.js";

/** An inner rate at which training moves, and a range whose upper end some rates reach. */
const rate = 0.05;
const range = [1e-3, 0.06] as const;

/** Tests that training in an engine's own memory is training by its meta-gradients and meta-sgd's Adam. */
export function residentLaws({ name, open, residentTraining = false }: EngineUnderTest): void {
  describe(`${name}: resident training`, () => {
    const config = gruConfig({ ...shape, numLayers: 1 });
    const start = startMetaTraining(
      initialParameters(config, xoroshiro128plus(10)),
      initialParameters(config, xoroshiro128plus(30)).fill(rate),
    );
    const people = Array.from({ length: 8 }, () => [randomPairs(3, 8), randomPairs(4, 8)] as const);
    let engine: Engine;
    beforeAll(async () => {
      engine = await open(config);
    });
    afterAll(() => engine?.dispose());

    test("the engine has it where it claims to, and nowhere else", () => {
      expect(engine.residentTraining !== undefined).toBe(residentTraining);
    });

    describe.runIf(residentTraining)("where it has it", () => {
      /** The engine without its resident training. */
      const plain = () =>
        new Proxy(engine, {
          get(target, key) {
            const value = Reflect.get(target, key);
            if (key === "residentTraining") return undefined;
            return typeof value === "function" ? value.bind(target) : value;
          },
        });
      const options = (
        used: Engine,
        changes: Partial<MetaTrainingOptions<number>> = {},
      ): MetaTrainingOptions<number> => ({
        engine: used,
        algorithm: metaSgd,
        initial: start,
        tasks: (iteration) =>
          [0, 1].map((i) => {
            const [support, query] = people[(2 * iteration + i) % people.length]!;
            return used.task(support, query);
          }),
        iterations: 5,
        outerLr: 0.01,
        outerSchedule: "linear",
        alphaRange: range,
        innerSteps: 2,
        order: 2,
        evalInterval: 2,
        patience: 0,
        logInterval: 2,
        validate: async (theta, alpha) => {
          const [support, query] = people[7]!;
          const { taskLosses } = await metaGradient(plain(), theta, alpha, [engine.task(support, query)], {
            innerSteps: 2,
            order: 1,
          });
          return { score: -taskLosses[0]!, metrics: taskLosses[0]! };
        },
        ...changes,
      });
      const train = (used: Engine, changes?: Partial<MetaTrainingOptions<number>>) => trainMeta(options(used, changes));

      test.each([
        ["Meta-SGD", {}],
        ["MAML, whose rates stay", { algorithm: maml }],
        ["rates of one tensor alone", { adapting: ["fc.bias"] }],
        ["rates alone, clipped inner gradients", { outerLr: 0, alphaLr: 0.01, innerClip: 0.5 }],
      ] as const)("the same parameters, moments, curve and best: %s", async (_, changes) => {
        const [found, expected] = [await train(engine, changes), await train(plain(), changes)];
        for (const vector of ["theta", "alpha"] as const) {
          expect(relativeError(found.state[vector], expected.state[vector])).toBeLessThan(1e-5);
          expect(relativeError(found.best[vector], expected.best[vector])).toBeLessThan(1e-5);
        }
        for (const moments of ["thetaMoments", "alphaMoments"] as const) {
          expect(found.state[moments].step).toBe(expected.state[moments].step);
          expect(relativeError(found.state[moments].firstMoment, expected.state[moments].firstMoment)).toBeLessThan(
            1e-4,
          );
          expect(relativeError(found.state[moments].secondMoment, expected.state[moments].secondMoment)).toBeLessThan(
            1e-4,
          );
        }
        expect(found.best.iteration).toBe(expected.best.iteration);
        expect(found.history.iteration).toEqual(expected.history.iteration);
        expect(relativeError(found.history.metaLoss, expected.history.metaLoss)).toBeLessThan(1e-5);
        const curve = (result: typeof found) => result.history.validation.map(({ metrics }) => metrics);
        expect(relativeError(curve(found), curve(expected))).toBeLessThan(1e-5);
      });

      test("a resumed state gives the bits of a run that never stopped", async () => {
        const whole = await train(engine);
        const stop = new AbortController();
        const onIteration = ({ iteration }: { iteration: number }) => {
          if (iteration === 3) stop.abort();
        };
        const part = await train(engine, { signal: stop.signal, onIteration });
        expect(part.iterations).toBe(3);
        const rest = await train(engine, { initial: part.state });
        expect(rest.state.theta).toEqual(whole.state.theta);
        expect(rest.state.alpha).toEqual(whole.state.alpha);
        expect(rest.state.alphaMoments).toEqual(whole.state.alphaMoments);
        expect(rest.history).toEqual(whole.history);
      });

      test("a gradient that is not finite updates nothing, and the last good state is checkpointed", async () => {
        const kept: number[] = [];
        const thetas: number[][] = [];
        const attempt = () =>
          train(engine, {
            // After the first step every parameter is about 1e30: the second gradient overflows.
            outerLr: 1e30,
            validate: async () => ({ score: 0, metrics: 0 }),
            onCheckpoint: (state) => {
              kept.push(state.iteration, state.thetaMoments.step);
              thetas.push([...state.theta]);
            },
          });
        await expectError(attempt, "FAILED", /meta-sgd, iteration 2/);
        expect(kept).toEqual([1, 1]);
        expect(thetas[0]!.every((value) => Number.isFinite(value))).toBe(true);
        expect(Math.max(...thetas[0]!)).toBeGreaterThan(1e29);
      });
    });
  });
}
