import type { Engine } from "@kshot/contract";
import { gruConfig, initialParameters } from "@kshot/gru-layout";
import { adam, clampRates, nextAdamStep } from "@kshot/meta-sgd";
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

    test.runIf(claimed)("clamped parameters are clampRates' to the bit, outside the parts nothing changes", () => {
      const vector = engine.optimiser!.vector();
      const values = vector.parameters.map(
        (_, i) => [Number.NaN, 0, -0, 0.1, 0.2, 1e-4, -1, 3e38][i % 8]! + (i % 3) / 50,
      );
      for (const range of [
        [1e-4, 0.1],
        [0, 0.1],
        [-0.1, -0],
        [0.2, 0.2],
      ] as const) {
        for (const parts of [
          [{ offset: 0, size: values.length }],
          [
            { offset: 3, size: 11 },
            { offset: 21, size: 0 },
            { offset: 33, size: 2 },
          ],
        ]) {
          vector.parameters.set(values);
          engine.optimiser!.clamp(vector, range, parts);
          const expected = values.slice();
          clampRates(expected, range, parts);
          expect(Array.from(vector.parameters)).toEqual(Array.from(expected));
        }
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

    test.runIf(claimed)("another engine's vector is refused", async () => {
      const other = await open(config);
      const vector = other.optimiser!.vector();
      other.dispose();
      const step = nextAdamStep(adam().init(1), 0.01);
      await expectError(() => engine.optimiser!.step(vector, step), "USAGE", /vector of another engine/);
    });
  });
}
