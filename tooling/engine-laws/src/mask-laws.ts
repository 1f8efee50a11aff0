import type { Engine, Mask } from "@kshot/contract";
import { gruConfig, gruParameterLayout, initialParameters } from "@kshot/gru-layout";
import { metaGradient, metaGradientByRecursion } from "@kshot/meta-sgd";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { afterAll, describe, expect, test } from "vitest";
import type { EngineUnderTest } from "./engine-under-test.js";
import { relativeError } from "./relative-error.js";

const config = gruConfig({ nItems: 7, embeddingDim: 3, hiddenDim: 4, maxSeqLen: 3 });
const layout = gruParameterLayout(config);
const bias = layout.tensors.find(({ name }) => name === "fc.bias")!;
const theta = initialParameters(config, xoroshiro128plus(1));
const direction = initialParameters(config, xoroshiro128plus(2));
const alpha = theta.map(() => 0.05);
const short = { sequences: [[1], [1, 2], [4, 5]], labels: [2, 3, 6] };
const mixed = { sequences: [[1], [1, 2, 3], [6, 5, 4, 3]], labels: [2, 3, 6] };

/** Tests of the mask `notebook`: a history shorter than `maxSeqLen` after cropping is read as a state of 0. */
export function maskLaws({ name, open }: EngineUnderTest): void {
  describe(`${name}: mask`, () => {
    const opened: Engine[] = [];
    const engineOf = async (mask?: Mask) => {
      const engine = await open(config, mask === undefined ? {} : { mask });
      opened.push(engine);
      return engine;
    };
    afterAll(() => {
      for (const engine of opened) engine.dispose();
    });
    const biasOf = (vector: Float32Array) => vector.subarray(bias.offset, bias.offset + bias.size);

    test("all sequences short: logits are fc.bias, and only fc.bias has a gradient", async () => {
      const engine = await engineOf("notebook");
      const batch = engine.batch(short);
      const [logits] = await engine.logits([theta], [batch]);
      for (let row = 0; row < 3; row++) expect(logits!.values.subarray(row * 7, (row + 1) * 7)).toEqual(biasOf(theta));
      const { gradients } = await engine.gradients([theta], [batch]);
      const [product] = await engine.hessianVectorProducts([theta], [batch], [direction]);
      const task = engine.task(short, short);
      const { dTheta, dAlpha } = await metaGradient(engine, theta, alpha, [task], { innerSteps: 2, order: 2 });
      for (const { name: tensor, offset, size } of layout.tensors) {
        for (const vector of [gradients[0]!, product!, dTheta, dAlpha]) {
          expect(vector.subarray(offset, offset + size).every((g) => g === 0)).toBe(tensor !== "fc.bias");
        }
      }
    });

    test("only sequences below the limit, after cropping, are read as 0", async () => {
      const engine = await engineOf("notebook");
      const [zeroed] = await engine.logits([theta], [engine.batch(mixed)]);
      const [carried] = await engine.logits([theta], [engine.batch(mixed, { mask: "carry" })]);
      expect(zeroed!.values.subarray(0, 7)).toEqual(biasOf(theta));
      expect(zeroed!.values.subarray(7)).toEqual(carried!.values.subarray(7));
      expect(carried!.values.subarray(0, 7)).not.toEqual(zeroed!.values.subarray(0, 7));
    });

    test("a batch's mask overrides the engine's, also together with batches of the other kind", async () => {
      const engine = await engineOf();
      const batches = [
        engine.batch(mixed),
        engine.batch(mixed, { mask: "notebook" }),
        engine.task(mixed, short).support,
      ];
      const logits = await engine.logits([theta, theta, theta], batches);
      const alone = await Promise.all(batches.map((batch) => engine.logits([theta], [batch])));
      for (const [i, { values }] of logits.entries()) expect(values).toEqual(alone[i]![0]!.values);
      expect(logits[0]!.values).toEqual(logits[2]!.values);
      expect(logits[0]!.values).not.toEqual(logits[1]!.values);
    });

    test("short and full histories together: the meta-gradient is the recursion", async () => {
      const engine = await engineOf("notebook");
      const tasks = [engine.task(mixed, short), engine.task(short, mixed), engine.task(mixed, mixed)];
      const options = { innerSteps: 3, order: 2 } as const;
      const found = await metaGradient(engine, theta, alpha, tasks, options);
      const expected = await metaGradientByRecursion(engine, theta, alpha, tasks, options);
      expect(relativeError(found.dTheta, expected.dTheta)).toBeLessThan(2e-5);
      expect(relativeError(found.dAlpha, expected.dAlpha)).toBeLessThan(2e-5);
    });
  });
}
