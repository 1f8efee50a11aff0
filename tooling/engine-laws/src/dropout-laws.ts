import type { Engine, Pairs } from "@kshot/contract";
import { gruConfig, gruParameterLayout, initialParameters } from "@kshot/gru-layout";
import { metaGradient, metaGradientByRecursion } from "@kshot/meta-sgd";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectError } from "./contract-laws.js";
import type { EngineUnderTest } from "./engine-under-test.js";
import { evaluate, expectSame, meanOf } from "./evaluate.js";
import { examples, pieces, randomPairs, shape } from "./examples.js";
import { relativeError } from "./relative-error.js";

const rate = 0.3;
const random = xoroshiro128plus(17);
const maskOf = (pairs: number) =>
  Uint8Array.from({ length: pairs * shape.hiddenDim }, () => (random.next() >>> 0 < rate * 2 ** 32 ? 0 : 1));

/**
 * Tests of dropout on the hidden state. A mask that all pairs share is the same as fc.weight with scaled and zeroed columns, without
 * dropout: an independent computation of every quantity. Unequal masks are then the mean over pairs that run separately.
 */
export function dropoutLaws({
  name,
  open,
  layers = [1, 2],
  rounding = 3e-6,
  stateDropout: supported = false,
}: EngineUnderTest): void {
  describe.runIf(supported).each(layers)(`${name}: dropout on the state, %i layers`, (numLayers) => {
    const config = gruConfig({ ...shape, numLayers });
    const layout = gruParameterLayout(config);
    const theta = initialParameters(config, xoroshiro128plus(1));
    const direction = initialParameters(config, xoroshiro128plus(2));
    const alpha = theta.map((value) => 0.05 * Math.abs(value));
    const fc = layout.tensors.find((tensor) => tensor.name === "fc.weight")!;
    let engine: Engine;
    beforeAll(async () => {
      engine = await open(config);
    });
    afterAll(() => engine?.dispose());

    /** A vector with the columns of its fc.weight multiplied by the units' factors 0 or 1/(1 − rate). */
    const masked = (vector: Float32Array, mask: Uint8Array) =>
      vector.map((value, i) => {
        if (i < fc.offset || i >= fc.offset + fc.size) return value;
        return (value * mask[(i - fc.offset) % shape.hiddenDim]!) / (1 - rate);
      });
    const droppedAll = async (parts: readonly { readonly pairs: Pairs; readonly kept: Uint8Array }[]) => {
      const batches = parts.map(({ pairs, kept }) => engine.batch(pairs, { stateDropout: { rate, kept } }));
      const thetas = batches.map(() => theta);
      const { losses, gradients } = await engine.gradients(thetas, batches);
      const products = await engine.hessianVectorProducts(
        thetas,
        batches,
        batches.map(() => direction),
      );
      const logits = await engine.logits(thetas, batches);
      return batches.map((_, i) => ({
        ...{ logits: logits[i]!.values, loss: losses[i]! },
        ...{ gradient: gradients[i]!, product: products[i]! },
      }));
    };
    const dropped = async (pairs: Pairs, kept: Uint8Array) => (await droppedAll([{ pairs, kept }]))[0]!;

    test.each(Object.entries(examples))(
      "%s: one mask for all pairs = fc.weight without those columns",
      async (_, pairs) => {
        const mask = maskOf(1);
        const kept = Uint8Array.from(
          { length: pairs.sequences.length * mask.length },
          (_, i) => mask[i % mask.length]!,
        );
        const [plain] = await evaluate(engine, [masked(theta, mask)], [pairs], [masked(direction, mask)]);
        const { gradient, product } = plain!;
        const expected = {
          ...plain!,
          gradient: masked(gradient as Float32Array, mask),
          product: masked(product as Float32Array, mask),
        };
        expectSame(await dropped(pairs, kept), expected, rounding);
      },
    );

    test.each(Object.entries(examples))("%s: a mask for each pair = the mean over separate pairs", async (_, pairs) => {
      const kept = maskOf(pairs.sequences.length);
      const separate = pieces(pairs);
      const units = kept.length / separate.length;
      const alone = await droppedAll(
        separate.map((piece, i) => ({ pairs: piece, kept: kept.slice(i * units, (i + 1) * units) })),
      );
      expectSame(await dropped(pairs, kept), meanOf(alone), rounding);
    });

    test("rate 0, which keeps all units, equals no dropout", async () => {
      const pairs = examples["branches, and one history with two labels"]!;
      const kept = new Uint8Array(pairs.sequences.length * shape.hiddenDim).fill(1);
      const [plain] = await engine.logits([theta], [engine.batch(pairs)]);
      const [same] = await engine.logits([theta], [engine.batch(pairs, { stateDropout: { rate: 0, kept } })]);
      expect(relativeError(same!.values, plain!.values)).toBe(0);
    });

    test("batches with and without dropout give the same together and alone, and the mask is copied", async () => {
      const pairs = examples["unrelated sequences"]!;
      const kept = maskOf(pairs.sequences.length);
      const expected = await dropped(pairs, kept);
      const given = kept.slice();
      const batches = [
        engine.batch(pairs),
        engine.batch(pairs, { stateDropout: { rate, kept: given } }),
        engine.batch(pairs, { mask: "notebook" }),
      ];
      given.fill(0);
      const logits = await engine.logits([theta, theta, theta], batches);
      expect(relativeError(logits[1]!.values, expected.logits)).toBeLessThan(rounding);
      const [plain] = await engine.logits([theta], [batches[0]!]);
      expect(relativeError(logits[0]!.values, plain!.values)).toBeLessThan(rounding);
      const { gradients } = await engine.gradients([theta, theta, theta], batches);
      expect(relativeError(gradients[1]!, expected.gradient)).toBeLessThan(rounding);
    });

    test("the meta-gradient through batches with dropout is the recursion", async () => {
      const tasks = Array.from({ length: 3 }, () => {
        const [support, query] = [randomPairs(4, 9), randomPairs(6, 9)];
        const batch = (pairs: Pairs) =>
          engine.batch(pairs, { stateDropout: { rate, kept: maskOf(pairs.sequences.length) } });
        return { support: batch(support), query: batch(query) };
      });
      const options = { innerSteps: 3, order: 2 } as const;
      const found = await metaGradient(engine, theta, alpha, tasks, options);
      const expected = await metaGradientByRecursion(engine, theta, alpha, tasks, options);
      expect(relativeError(found.dTheta, expected.dTheta)).toBeLessThan(2e-5);
      expect(relativeError(found.dAlpha, expected.dAlpha)).toBeLessThan(2e-5);
    });

    test("a mask or rate that does not fit is refused", async () => {
      const pairs = examples["one pair"]!;
      const ask = (rate: number, size: number) => () =>
        engine.batch(pairs, { stateDropout: { rate, kept: new Uint8Array(size) } });
      await expectError(ask(1, shape.hiddenDim), "USAGE", /rate: 1\. Expected a number from 0, below 1/);
      await expectError(ask(Number.NaN, shape.hiddenDim), "USAGE", /rate: NaN/);
      await expectError(ask(0.3, shape.hiddenDim - 1), "USAGE", /mask: 10 values for 1 pairs/);
    });
  });
}
