import type { Engine, Pairs } from "@kshot/contract";
import { gruConfig, gruParameterLayout, initialParameters } from "@kshot/gru-layout";
import { adaptAtSteps, metaGradient, metaGradientByRecursion } from "@kshot/meta-sgd";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { adaptByGradients } from "./adapt-by-gradients.js";
import { expectError } from "./contract-laws.js";
import type { EngineUnderTest } from "./engine-under-test.js";
import { evaluate, expectSame, meanOf } from "./evaluate.js";
import { examples, pieces, randomPairs, shape } from "./examples.js";
import { relativeError } from "./relative-error.js";

const { nItems } = shape;
const random = xoroshiro128plus(23);
/** Numbers between −4 and 4, as of log-probabilities whose differences matter. */
const draw = (rows: number) =>
  Float32Array.from({ length: rows * nItems }, () => (8 * (random.next() >>> 0)) / 2 ** 32 - 4);

/**
 * Tests of fixed offsets: the loss is CE(softmax(scores + offsets)). Offsets that all pairs share are the same as another fc.bias
 * without offsets; unequal ones are the mean over pairs that run separately; the loss and the gradient of fc.bias are also
 * computed here from the scores, in float64. Engines that pass agree with each other.
 */
export function offsetLaws({
  name,
  open,
  layers = [1, 2],
  fused = [],
  rounding = 3e-6,
  offsets: supported = false,
}: EngineUnderTest): void {
  describe(`${name}: offsets`, () => {
    test("the engine takes offsets if and only if it claims to", async () => {
      const engine = await open(gruConfig({ ...shape, numLayers: layers[0]! }));
      const pairs = examples["one pair"]!;
      const ask = () => engine.batch(pairs, { offsets: draw(1) });
      expect(engine.takesOffsets ?? false).toBe(supported);
      if (supported) expect(ask().size).toBe(1);
      else await expectError(ask, "USAGE", /offsets/);
      engine.dispose();
    });
  });

  describe.runIf(supported).each(layers)(`${name}: offsets, %i layers`, (numLayers) => {
    const config = gruConfig({ ...shape, numLayers });
    const layout = gruParameterLayout(config);
    const theta = initialParameters(config, xoroshiro128plus(1));
    const direction = initialParameters(config, xoroshiro128plus(2));
    const alpha = theta.map((value) => 0.05 * Math.abs(value));
    const bias = layout.tensors.find((tensor) => tensor.name === "fc.bias")!;
    let engine: Engine;
    beforeAll(async () => {
      engine = await open(config);
    });
    afterAll(() => engine?.dispose());

    const shifted = async (parts: readonly { readonly pairs: Pairs; readonly offsets: Float32Array }[]) => {
      const batches = parts.map(({ pairs, offsets }) => engine.batch(pairs, { offsets }));
      const thetas = batches.map(() => theta);
      const { losses, gradients } = await engine.gradients(thetas, batches);
      const directions = batches.map(() => direction);
      const products = await engine.hessianVectorProducts(thetas, batches, directions);
      const logits = await engine.logits(thetas, batches);
      return batches.map((_, i) => ({
        ...{ logits: logits[i]!.values, loss: losses[i]! },
        ...{ gradient: gradients[i]!, product: products[i]! },
      }));
    };

    test.each(Object.entries(examples))("%s: loss and gradient of fc.bias by hand, in float64", async (_, pairs) => {
      const rows = pairs.sequences.length;
      const offsets = draw(rows);
      const [found] = await shifted([{ pairs, offsets }]);
      const [plain] = await engine.logits([theta], [engine.batch(pairs)]);
      expect(relativeError(found!.logits, plain!.values), "scores are without the offsets").toBeLessThan(rounding);
      let loss = 0;
      const gradient = new Float64Array(nItems);
      for (let row = 0; row < rows; row++) {
        const sums = Float64Array.from(
          { length: nItems },
          (_, i) => plain!.values[row * nItems + i]! + offsets[row * nItems + i]!,
        );
        const logSum = Math.log(sums.reduce((sum, value) => sum + Math.exp(value), 0));
        const label = pairs.labels[row]!;
        loss += (logSum - sums[label]!) / rows;
        for (let i = 0; i < nItems; i++) gradient[i]! += (Math.exp(sums[i]! - logSum) - (i === label ? 1 : 0)) / rows;
      }
      expect(Math.abs(found!.loss / loss - 1)).toBeLessThan(rounding);
      const own = found!.gradient.subarray(bias.offset, bias.offset + bias.size);
      expect(relativeError(own, gradient)).toBeLessThan(rounding);
    });

    test.each(Object.entries(examples))("%s: offsets that all pairs share = another fc.bias", async (_, pairs) => {
      const row = draw(1);
      const offsets = Float32Array.from({ length: pairs.sequences.length * nItems }, (_, i) => row[i % nItems]!);
      const other = theta.slice();
      for (let i = 0; i < nItems; i++) other[bias.offset + i]! += row[i]!;
      const [plain] = await evaluate(engine, [other], [pairs], [direction]);
      const [found] = await shifted([{ pairs, offsets }]);
      const logits = Float64Array.from(plain!.logits, (value, i) => value - row[i % nItems]!);
      // fc.bias is rounded to float32 after the offsets are added to it.
      expectSame(found!, { ...plain!, logits }, 3 * rounding);
    });

    test.each(Object.entries(examples))("%s: offsets of each pair = the mean over separate pairs", async (_, pairs) => {
      const offsets = draw(pairs.sequences.length);
      const separate = pieces(pairs);
      const values = offsets.length / separate.length;
      const alone = await shifted(
        separate.map((piece, i) => ({ pairs: piece, offsets: offsets.slice(i * values, (i + 1) * values) })),
      );
      const [found] = await shifted([{ pairs, offsets }]);
      expectSame(found!, meanOf(alone), rounding);
    });

    test("batches with and without offsets give the same together and alone, and the offsets are copied", async () => {
      const pairs = examples["more pairs than one part holds"]!;
      const offsets = draw(pairs.sequences.length);
      const [expected] = await shifted([{ pairs, offsets: offsets.slice() }]);
      const batches = [engine.batch(pairs), engine.batch(pairs, { offsets }), engine.batch(examples["one pair"]!)];
      offsets.fill(0);
      const { losses, gradients } = await engine.gradients([theta, theta, theta], batches);
      expect(Math.abs(losses[1]! / expected!.loss - 1)).toBeLessThan(rounding);
      expect(relativeError(gradients[1]!, expected!.gradient)).toBeLessThan(rounding);
      const plain = await engine.gradients([theta], [engine.batch(pairs)]);
      expect(relativeError(gradients[0]!, plain.gradients[0]!)).toBeLessThan(rounding);
      expect(relativeError(gradients[1]!, plain.gradients[0]!)).toBeGreaterThan(0.1);
    });

    /** Several people; the last one's pairs are more than one part holds. */
    const people = () =>
      [4, 7, 70].map((count) => {
        const [support, query] = [randomPairs(count, 9), randomPairs(6, 9)];
        const batch = (pairs: Pairs) => engine.batch(pairs, { offsets: draw(pairs.sequences.length) });
        return {
          support: batch(support),
          query: batch(query),
          plain: engine.batch(query),
          unshifted: engine.batch(support),
        };
      });

    test("steps and scores after steps are those of the loss with offsets, and the query's offsets do not matter", async () => {
      const own = people();
      const supports = own.map(({ support }) => support);
      const adapted = await adaptByGradients(engine, theta, alpha, supports, 3);
      const [found] = await adaptAtSteps(engine, theta, alpha, supports, [3], {});
      for (const [i, point] of adapted.entries()) expect(relativeError(found![i]!, point)).toBeLessThan(rounding);
      const [unshifted] = await adaptByGradients(engine, theta, alpha, [own[0]!.unshifted], 3);
      expect(relativeError(adapted[0]!, unshifted!)).toBeGreaterThan(1e-4);
      const expected = await engine.logits(
        adapted,
        own.map(({ plain }) => plain),
      );
      if (fused.includes("adaptedLogits")) {
        const queries = own.map(({ query }) => query);
        const [scores] = await engine.adaptedLogits!(theta, alpha, supports, [queries], [3]);
        for (const [i, { values }] of scores!.entries()) {
          expect(relativeError(values, expected[i]!.values)).toBeLessThan(rounding);
        }
      }
      if (fused.includes("adaptInTurn")) {
        const [turned] = await engine.adaptInTurn!(theta, alpha, [supports], 3);
        let point: Float64Array = Float64Array.from(theta);
        for (const support of supports) point = (await adaptByGradients(engine, point, alpha, [support], 1))[0]!;
        expect(relativeError(turned!, point)).toBeLessThan(rounding);
      }
    });

    test("the meta-gradient through batches with offsets is the recursion", async () => {
      const tasks = people();
      for (const order of [1, 2] as const) {
        const options = { innerSteps: 3, order };
        const found = await metaGradient(engine, theta, alpha, tasks, options);
        const expected = await metaGradientByRecursion(engine, theta, alpha, tasks, options);
        expect(relativeError(found.taskLosses, expected.taskLosses)).toBeLessThan(rounding);
        expect(relativeError(found.dTheta, expected.dTheta)).toBeLessThan(2e-5);
        expect(relativeError(found.dAlpha, expected.dAlpha)).toBeLessThan(2e-5);
      }
    });

    test("offsets that do not fit are refused", async () => {
      const pairs = examples["one pair"]!;
      const ask = (offsets: Float32Array) => () => engine.batch(pairs, { offsets });
      await expectError(
        ask(new Float32Array(nItems + 1)),
        "USAGE",
        /22 values for 1 pairs\. Expected 21 for each pair/,
      );
      for (const value of [Number.NaN, Number.NEGATIVE_INFINITY]) {
        const offsets = draw(1);
        offsets[4] = value;
        await expectError(ask(offsets), "USAGE", /pair 0, item 4: (NaN|-Infinity)\. Expected a finite number/);
      }
    });
  });
}
