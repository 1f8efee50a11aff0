import type { Engine, ParameterVector } from "@kshot/contract";
import { gruConfig, initialParameters } from "@kshot/gru-layout";
import { metaGradientByRecursion } from "@kshot/meta-sgd";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { adaptByGradients } from "./adapt-by-gradients.js";
import { expectError } from "./contract-laws.js";
import type { EngineUnderTest } from "./engine-under-test.js";
import { randomPairs, shape } from "./examples.js";
import { relativeError } from "./relative-error.js";

/** Largest relative error of a meta-gradient: the recursion rounds after every inner step, the fused version does not have to. */
const metaTolerance = 2e-5;

const people = Array.from({ length: 4 }, (_, i) => ({
  support: randomPairs(2 + 2 * i, 12),
  query: randomPairs(9 - 2 * i, 12),
}));

/** Tests that each optional method of an engine equals what it replaces: the recursion of meta-sgd on `gradients` and products. */
export function fusedLaws({
  name,
  open,
  layers = [1, 2],
  fused = [],
  rounding = 3e-6,
  clipsInnerGradients = false,
}: EngineUnderTest): void {
  describe.each(layers)(`${name}: fused methods, %i layers`, (numLayers) => {
    const config = gruConfig({ ...shape, numLayers });
    const theta = initialParameters(config, xoroshiro128plus(10));
    const alpha = initialParameters(config, xoroshiro128plus(30)).map((value) => 0.05 * Math.abs(value));
    let engine: Engine;
    beforeAll(async () => {
      engine = await open(config);
    });
    afterAll(() => engine?.dispose());

    test("the engine has the methods that it claims, and no other", () => {
      const optional = ["metaGradient", "adapt", "adaptInTurn", "adaptedLogits"] as const;
      expect(optional.filter((method) => engine[method] !== undefined)).toEqual(
        optional.filter((method) => fused.includes(method)),
      );
    });

    test.runIf(fused.includes("metaGradient")).each([0, 1, 3])(
      "the fused meta-gradient is the recursion: %i inner steps",
      async (innerSteps) => {
        const tasks = people.map(({ support, query }) => engine.task(support, query));
        for (const order of [1, 2] as const) {
          const options = { innerSteps, order };
          const found = await engine.metaGradient!(theta, alpha, tasks, options);
          const expected = await metaGradientByRecursion(engine, theta, alpha, tasks, options);
          expect(relativeError(found.taskLosses, expected.taskLosses)).toBeLessThan(rounding);
          expect(relativeError(found.dTheta, expected.dTheta)).toBeLessThan(metaTolerance);
          if (innerSteps === 0) expect(found.dAlpha.every((value) => value === 0)).toBe(true);
          else expect(relativeError(found.dAlpha, expected.dAlpha)).toBeLessThan(metaTolerance);
        }
      },
    );

    test.runIf(fused.includes("metaGradient"))(
      "writes over the vectors of an earlier result, and no other",
      async () => {
        const tasks = people.map(({ support, query }) => engine.task(support, query));
        const options = { innerSteps: 2, order: 2 } as const;
        const first = await engine.metaGradient!(theta, alpha, tasks.slice(2), options);
        const expected = await engine.metaGradient!(theta, alpha, tasks, options);
        const found = await engine.metaGradient!(theta, alpha, tasks, { ...options, spare: first });
        expect(relativeError(found.dTheta, expected.dTheta)).toBeLessThan(rounding);
        expect(relativeError(found.dAlpha, expected.dAlpha)).toBeLessThan(rounding);
      },
    );

    test.runIf(fused.includes("adapt")).each([0, 1, 5])(
      "adapting in one call is adapting step by step: %i",
      async (steps) => {
        const supports = people.map(({ support }) => engine.batch(support));
        const found = await engine.adapt!(theta, alpha, supports, steps);
        const expected = await adaptByGradients(engine, theta, alpha, supports, steps);
        for (const [i, adapted] of found.entries()) {
          if (steps === 0) expect(Float32Array.from(adapted)).toEqual(theta);
          expect(relativeError(adapted, expected[i]!)).toBeLessThan(1e-6);
        }
      },
    );

    test.runIf(fused.includes("adaptInTurn")).each([0, 1, 5])(
      "steps on minibatches in turn in one call are steps of one batch each: %i",
      async (steps) => {
        // One, two and three minibatches, which share items only in part.
        const turns = people.map(({ support, query }, i) =>
          [support, query, people[(i + 1) % people.length]!.support]
            .slice(0, 1 + (i % 3))
            .map((pairs) => engine.batch(pairs)),
        );
        const found = await engine.adaptInTurn!(theta, alpha, turns, steps);
        for (const [i, batches] of turns.entries()) {
          let expected: ParameterVector = theta;
          for (let step = 0; step < steps; step++) {
            [expected] = (await adaptByGradients(engine, expected, alpha, [batches[step % batches.length]!], 1)) as [
              ParameterVector,
            ];
          }
          if (steps === 0) expect(Float32Array.from(found[i]!)).toEqual(theta);
          expect(relativeError(found[i]!, expected)).toBeLessThan(1e-6);
        }
      },
    );

    test.runIf(fused.includes("adaptedLogits"))("adapted logits are adapt and logits one after the other", async () => {
      const steps = [0, 1, 4];
      const supports = people.map(({ support }) => engine.batch(support));
      const queries = steps.map((count) =>
        people.map(({ query }) => engine.batch(query, count === 0 ? { mask: "notebook" } : {})),
      );
      const found = await engine.adaptedLogits!(theta, alpha, supports, queries, steps);
      for (const [i, count] of steps.entries()) {
        const adapted = await adaptByGradients(engine, theta, alpha, supports, count);
        for (const [person, logits] of (await engine.logits(adapted, queries[i]!)).entries()) {
          expect(relativeError(found[i]![person]!.values, logits.values)).toBeLessThan(rounding);
        }
      }
      expect(found[2]![3]!.values).not.toEqual(found[1]![3]!.values);
    });

    test("the engine clips inner gradients if and only if it claims to", () => {
      expect(engine.clipsInnerGradients ?? false).toBe(clipsInnerGradients);
    });

    describe.runIf(clipsInnerGradients)("inner clipping", () => {
      /** Norms of the first inner gradients: a clip between them scales some people's and not others'. */
      const norms = async () => {
        const supports = people.map(({ support }) => engine.batch(support));
        const { gradients } = await engine.gradients(
          supports.map(() => theta),
          supports,
        );
        return gradients.map((g) => Math.hypot(...g)).sort((a, b) => a - b);
      };
      /** Rates at which the clipped steps still move θ. */
      const rates = alpha.map((value) => 4 * value);
      const clips = async () => {
        const sorted = await norms();
        return [0.2 * sorted[0]!, (sorted[1]! + sorted[2]!) / 2, 10 * sorted.at(-1)!];
      };

      test("the fused meta-gradient is the recursion's, for gradients that are all, partly and never clipped", async () => {
        const tasks = people.map(({ support, query }) => engine.task(support, query));
        for (const [i, innerClip] of (await clips()).entries()) {
          const partly = [
            [1, 2],
            [2, 3],
          ] as const;
          for (const [order, innerSteps] of i === 1 ? partly : ([[2, 2]] as const)) {
            const options = { innerSteps, order, innerClip };
            const found = await engine.metaGradient!(theta, rates, tasks, options);
            const expected = await metaGradientByRecursion(engine, theta, rates, tasks, options);
            expect(relativeError(found.taskLosses, expected.taskLosses)).toBeLessThan(rounding);
            expect(relativeError(found.dTheta, expected.dTheta)).toBeLessThan(metaTolerance);
            expect(relativeError(found.dAlpha, expected.dAlpha)).toBeLessThan(metaTolerance);
          }
        }
        const [all, , none] = await clips();
        const ask = async (options: { innerClip?: number }) =>
          (await engine.metaGradient!(theta, rates, tasks, { innerSteps: 3, order: 2, ...options })).dAlpha;
        expect(relativeError(await ask({ innerClip: none! }), await ask({}))).toBe(0);
        expect(relativeError(await ask({ innerClip: all! }), await ask({}))).toBeGreaterThan(0.1);
      });

      test("clipped steps are steps by clipped gradients", async () => {
        const supports = people.map(({ support }) => engine.batch(support));
        const queries = people.map(({ query }) => engine.batch(query));
        for (const innerClip of await clips()) {
          const expected = await adaptByGradients(engine, theta, rates, supports, 3, innerClip);
          const found = await engine.adapt!(theta, rates, supports, 3, { innerClip });
          const [scores] = await engine.adaptedLogits!(theta, rates, supports, [queries], [3], { innerClip });
          const logits = await engine.logits(expected, queries);
          for (const [i, adapted] of found.entries()) {
            expect(relativeError(adapted, expected[i]!)).toBeLessThan(1e-6);
            expect(relativeError(scores![i]!.values, logits[i]!.values)).toBeLessThan(rounding);
          }
        }
      });

      test("a clip that is not a number above 0 is refused", async () => {
        const task = engine.task(people[0]!.support, people[0]!.query);
        for (const innerClip of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
          const options = { innerSteps: 1, order: 2, innerClip } as const;
          await expectError(() => engine.metaGradient!(theta, alpha, [task], options), "USAGE", /innerClip/);
          await expectError(() => engine.adapt!(theta, alpha, [task.support], 1, options), "USAGE", /innerClip/);
        }
      });
    });
  });
}
