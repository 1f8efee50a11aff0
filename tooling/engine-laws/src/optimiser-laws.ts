import type { Engine } from "@kshot/contract";
import { gruConfig, initialParameters } from "@kshot/gru-layout";
import { adam, clampRates, metaSgd, nextAdamStep, startMetaTraining, trainMeta } from "@kshot/meta-sgd";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectError } from "./contract-laws.js";
import type { EngineUnderTest } from "./engine-under-test.js";
import { randomPairs, shape } from "./examples.js";

/** Tests that an engine's own optimiser is meta-sgd's `adam` to the bit, and that its vectors take gradients. */
export function optimiserLaws({ name, open, optimiser: claimed = false, fused = [] }: EngineUnderTest): void {
  describe(`${name}: optimiser`, () => {
    const config = gruConfig(shape);
    const random = xoroshiro128plus(23);
    let engine: Engine;
    beforeAll(async () => {
      engine = await open(config);
    });
    afterAll(() => engine?.dispose());

    test("the engine has an optimiser if and only if it claims one", () => {
      expect(engine.optimiser !== undefined).toBe(claimed);
    });

    test.runIf(claimed).each([0, 0.1])("steps are adam's to the bit, weight decay %d", async (weightDecay) => {
      const optimiser = engine.optimiser!;
      const vector = optimiser.vector();
      const { size } = engine.layout;
      for (const part of Object.values(vector)) {
        expect(part.length).toBe(size);
        expect(part.every((value: number) => value === 0)).toBe(true);
      }
      const parameters = initialParameters(config, random);
      vector.parameters.set(parameters);
      const [plain, own] = [adam().init(size), { ...adam().init(size) }];
      for (let step = 0; step < 7; step++) {
        // Of all magnitudes, some 0, some very small.
        const gradient = parameters.map(
          (_, i) => (i % 5 === step % 5 ? 0 : 2 * uniformFloat64(random) - 1) * 10 ** ((i % 61) - 30),
        );
        vector.gradient.set(gradient);
        adam().update(plain, parameters, gradient, 0.01, weightDecay);
        await optimiser.step(vector, nextAdamStep(own, 0.01, weightDecay));
        expect(Array.from(vector.parameters)).toEqual(Array.from(parameters));
        expect(Array.from(vector.firstMoment)).toEqual(Array.from(plain.firstMoment));
        expect(Array.from(vector.secondMoment)).toEqual(Array.from(plain.secondMoment));
        expect(Array.from(vector.gradient)).toEqual(Array.from(gradient));
      }
    });

    test.runIf(claimed)("clamped parameters are clampRates' to the bit; nothing else changes", async () => {
      const optimiser = engine.optimiser!;
      const vector = optimiser.vector();
      // Seven kinds of values: each comes to each place of a group of four.
      const kinds = [Number.NaN, 0, -0, 0.1, -1, 3e38, Number.POSITIVE_INFINITY];
      const values = vector.parameters.map((_, i) => kinds[i % 7]!);
      vector.gradient.fill(9);
      await optimiser.step(vector, nextAdamStep(adam().init(1), 0.01));
      const others = () =>
        [vector.gradient, vector.firstMoment, vector.secondMoment].map((part) => Array.from(part as ArrayLike<number>));
      const before = others();
      for (const range of [
        [1e-4, 0.1],
        [0, 0.1],
        [-0.1, -0],
        [0.2, 0.2],
        [1e-50, 1],
      ] as const) {
        const somewhere = Array.from({ length: 11 }, (_, i) => ({ offset: 13 * i + (i % 4), size: i }));
        const end = [{ offset: values.length - 5, size: 5 }];
        for (const parts of [[{ offset: 0, size: values.length }], somewhere, end, []]) {
          vector.parameters.set(values);
          optimiser.clamp(vector, range, parts);
          const expected = values.slice();
          clampRates(expected, range, parts);
          expect(Array.from(vector.parameters)).toEqual(Array.from(expected));
        }
      }
      expect(others()).toEqual(before);
    });

    test.runIf(claimed)("parts that are not within the parameters are refused", async () => {
      const vector = engine.optimiser!.vector();
      const { size } = engine.layout;
      for (const part of [
        { offset: size - 2, size: 3 },
        { offset: -8, size: 8 },
        { offset: 0.5, size: 1 },
      ]) {
        const ask = () => engine.optimiser!.clamp(vector, [1, 2], [{ offset: 0, size: 1 }, part]);
        await expectError(ask, "USAGE", /clamp: the values .*\. Expected values from 0 to/);
        expect(vector.parameters[0]).toBe(0);
      }
    });

    test.runIf(claimed)("one value of the gradient that is not finite is found at every position", () => {
      const optimiser = engine.optimiser!;
      const vector = optimiser.vector();
      vector.gradient.fill(3e38);
      expect(optimiser.gradientIsFinite(vector)).toBe(true);
      for (const at of [0, 1, 2, 3, 500, engine.layout.size - 1]) {
        for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
          vector.gradient[at] = value;
          expect(optimiser.gradientIsFinite(vector)).toBe(false);
          vector.gradient[at] = 1;
        }
      }
    });

    test.runIf(claimed)("gradients are written to the requested vectors, with the same bits", async () => {
      const vector = engine.optimiser!.vector();
      vector.parameters.set(initialParameters(config, xoroshiro128plus(1)));
      vector.gradient.fill(5);
      const batch = engine.batch(randomPairs(150, 9));
      const expected = await engine.gradients([Float32Array.from(vector.parameters)], [batch]);
      const found = await engine.gradients([vector.parameters], [batch], [vector.gradient]);
      expect(found.gradients[0]).toBe(vector.gradient);
      expect(found.losses).toEqual(expected.losses);
      expect(Array.from(vector.gradient)).toEqual(Array.from(expected.gradients[0]!));
      if (!fused.includes("metaGradient")) return;
      const alpha = engine.optimiser!.vector();
      alpha.parameters.fill(0.05);
      const tasks = Array.from({ length: 6 }, () => engine.task(randomPairs(3, 9), randomPairs(4, 9)));
      const options = { innerSteps: 2, order: 2 } as const;
      const spare = { dTheta: vector.gradient, dAlpha: alpha.gradient };
      const ask = (more: object) =>
        engine.metaGradient!(vector.parameters, alpha.parameters, tasks, { ...options, ...more });
      const plain = await ask({});
      const placed = await ask({ spare });
      expect(placed.dTheta).toBe(vector.gradient);
      expect(Array.from(placed.dTheta)).toEqual(Array.from(plain.dTheta));
      expect(Array.from(placed.dAlpha)).toEqual(Array.from(plain.dAlpha));
    });

    test.runIf(claimed && fused.includes("metaGradient"))(
      "meta-training has the bits of training without the engine's optimiser; its rates stay in their range",
      async () => {
        const theta = initialParameters(config, xoroshiro128plus(1));
        const [low, high] = [0.02, 0.05];
        const alpha = theta.map((_, i) => (i % 2 === 0 ? low : high));
        const pairs = Array.from({ length: 6 }, () => [randomPairs(3, 9), randomPairs(4, 9)] as const);
        const train = (by: Engine) =>
          trainMeta({
            ...{ engine: by, algorithm: metaSgd, initial: startMetaTraining(theta, alpha), iterations: 3 },
            tasks: () => pairs.map(([support, query]) => by.task(support, query)),
            ...{ outerLr: 0.01, alphaRange: [low, high], innerSteps: 2, order: 2 },
            ...{ evalInterval: 3, patience: 0, logInterval: 1 },
            validate: async () => ({ score: 0, metrics: null }),
          });
        const plain: Engine = Object.create(engine, { optimiser: { value: undefined } });
        const { state } = await train(engine);
        const expected = await train(plain);
        expect(Array.from(state.alpha)).toEqual(Array.from(expected.state.alpha));
        expect(Array.from(state.theta)).toEqual(Array.from(expected.state.theta));
        // Half the rates start at each end, so that many are clamped.
        expect(new Set(state.alpha).has(Math.fround(low))).toBe(true);
        expect(new Set(state.alpha).has(Math.fround(high))).toBe(true);
        expect(state.alpha.every((rate) => rate >= Math.fround(low) && rate <= Math.fround(high))).toBe(true);
        expect(Array.from(state.alpha)).not.toEqual(Array.from(alpha));
      },
    );

    test.runIf(claimed)("another engine's vector is refused", async () => {
      const other = await open(config);
      const vector = other.optimiser!.vector();
      other.dispose();
      const step = nextAdamStep(adam().init(1), 0.01);
      await expectError(() => engine.optimiser!.step(vector, step), "USAGE", /vector of another engine/);
      await expectError(() => engine.optimiser!.clamp(vector, [0, 1], []), "USAGE", /vector of another engine/);
    });
  });
}
