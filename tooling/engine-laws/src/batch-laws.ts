import type { Engine, Pairs, ParameterVector } from "@kshot/contract";
import { gruConfig, initialParameters } from "@kshot/gru-layout";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EngineUnderTest } from "./engine-under-test.js";
import { type Evaluation, evaluate, expectSame } from "./evaluate.js";
import { examples, pieces, shape } from "./examples.js";
import { relativeError } from "./relative-error.js";

const names = Object.keys(examples);
const mean = (vectors: readonly ParameterVector[]) =>
  Float64Array.from(vectors[0]!, (_, i) => vectors.reduce((sum, vector) => sum + vector[i]!, 0) / vectors.length);
const reverse = <T>(list: readonly T[]) => [...list].reverse();

/**
 * Tests of loss, gradient, Hessian-vector product and logits: padding, order and sharing do not change results, a sequence beyond the limit
 * is its last items, and the derivatives are the loss's differences.
 */
export function batchLaws({
  name,
  open,
  layers = [1, 2],
  rounding = 3e-6,
  sameBitsBesideOthers = false,
}: EngineUnderTest): void {
  describe.each(layers)(`${name}: batches, %i layers`, (numLayers) => {
    const config = gruConfig({ ...shape, numLayers });
    const vector = (seed: number) => initialParameters(config, xoroshiro128plus(seed));
    const thetas = names.map((_, i) => vector(10 + i));
    const directions = names.map((_, i) => vector(20 + i));
    let engine: Engine;
    let together: Evaluation[];
    beforeAll(async () => {
      engine = await open(config);
      together = await evaluate(engine, thetas, Object.values(examples), directions);
    });
    afterAll(() => engine?.dispose());
    const alone = async (i: number, example: Pairs) =>
      (await evaluate(engine, [thetas[i]!], [example], [directions[i]!]))[0]!;

    test.each(names)("%s: the same alone and together with other shapes", async (example) => {
      const i = names.indexOf(example);
      const evaluation = await alone(i, examples[example]!);
      if (sameBitsBesideOthers) expect(evaluation).toEqual(together[i]);
      else expectSame(evaluation, together[i]!, rounding);
    });

    test.each(names)("%s: sharing prefixes = the mean over pairs that run separately", async (example) => {
      const i = names.indexOf(example);
      const separate = pieces(examples[example]!);
      const evaluations = await evaluate(
        engine,
        separate.map(() => thetas[i]!),
        separate,
        separate.map(() => directions[i]!),
      );
      const expected = {
        logits: evaluations.flatMap(({ logits }) => Array.from(logits)),
        loss: evaluations.reduce((sum, { loss }) => sum + loss, 0) / evaluations.length,
        gradient: mean(evaluations.map(({ gradient }) => gradient)),
        product: mean(evaluations.map(({ product }) => product)),
      };
      expectSame(expected, together[i]!, rounding);
    });

    test.each(names)("%s: the order of pairs does not matter", async (example) => {
      const i = names.indexOf(example);
      const { sequences, labels } = examples[example]!;
      const evaluation = await alone(i, { sequences: reverse(sequences), labels: reverse(Array.from(labels)) });
      const { nItems } = config;
      const logits = sequences.flatMap((_, pair) =>
        Array.from(evaluation.logits).slice((sequences.length - 1 - pair) * nItems, (sequences.length - pair) * nItems),
      );
      expectSame({ ...evaluation, logits }, together[i]!, rounding);
    });

    test("the order of batches is the order of results", async () => {
      const evaluations = await evaluate(
        engine,
        reverse(thetas),
        reverse(Object.values(examples)),
        reverse(directions),
      );
      for (const [i, evaluation] of reverse(evaluations).entries()) expectSame(evaluation, together[i]!, rounding);
    });

    test("a sequence beyond the limit is its last items", async () => {
      const i = names.indexOf("beyond the limit");
      const { sequences, labels } = examples["beyond the limit"]!;
      expect(Math.max(...sequences.map(({ length }) => length))).toBeGreaterThan(config.maxSeqLen);
      const cropped = sequences.map((sequence) => Array.from(sequence).slice(-config.maxSeqLen));
      expect(await alone(i, { sequences: cropped, labels })).toEqual(await alone(i, { sequences, labels }));
      expectSame(await alone(i, { sequences: cropped, labels }), together[i]!, rounding);
    });

    test("one θ for all, given as one array or as copies, in 32 or 64 bits, gives the same logits", async () => {
      const batches = Object.values(examples).map((example) => engine.batch(example));
      const theta = thetas[0]!;
      const at = (make: () => ParameterVector) => engine.logits(batches.map(make), batches);
      const shared = await at(() => theta);
      const copies = await at(() => theta.slice());
      const wide = await at(() => Float64Array.from(theta));
      for (const [i, { rows, columns, values }] of shared.entries()) {
        expect([rows, columns]).toEqual([batches[i]!.size, config.nItems]);
        expect(relativeError(values, copies[i]!.values)).toBeLessThan(rounding);
        expect(relativeError(values, wide[i]!.values)).toBeLessThan(rounding);
      }
    });

    test("the gradient and the product are the loss's differences", async () => {
      // Central differences of float32 losses: the error is rounding / step + step², least near 1e-2 and then about 1e-3.
      const step = 1e-2;
      const i = names.indexOf("branches, and one history with two labels");
      const [theta, u] = [thetas[i]!, directions[i]!];
      const along = (sign: number) => theta.map((value, j) => value + sign * step * u[j]!);
      const batch = engine.batch(Object.values(examples)[i]!);
      const { losses, gradients } = await engine.gradients([along(1), along(-1)], [batch, batch]);
      const slope = u.reduce((sum, value, j) => sum + value * together[i]!.gradient[j]!, 0);
      expect((losses[0]! - losses[1]!) / (2 * step)).toBeCloseTo(slope, 2);
      const difference = gradients[0]!.map((g, j) => (g - gradients[1]![j]!) / (2 * step));
      expect(relativeError(difference, together[i]!.product)).toBeLessThan(1e-2);
    });
  });
}
