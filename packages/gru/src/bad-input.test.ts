import { type Batch, KshotError } from "@kshot/contract";
import { gruConfig, gruParameterLayout, initialParameters } from "@kshot/gru-layout";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { expect, test } from "vitest";
import { createTensorEngine } from "./index.js";

const config = gruConfig({ nItems: 7, embeddingDim: 3, hiddenDim: 4, maxSeqLen: 3 });
const theta = initialParameters(config, xoroshiro128plus(1));
const pairs = { sequences: [[1], [1, 2]], labels: [2, 3] };

async function expectError(attempt: Promise<unknown>, code: KshotError["code"], message: RegExp) {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(KshotError.isInstance(error) && error.code).toBe(code);
  expect((error as Error).message).toMatch(message);
}

test.each(gruParameterLayout(config).tensors)(
  "NaN in $name: the loss is refused, and the tensor is named",
  async (spec) => {
    const engine = await createTensorEngine({ config, backend: "cpu" });
    const broken = theta.slice();
    // Item 1's row: the embedding of an item that no history has does not reach the loss.
    const index = spec.name === "embedding.weight" ? 4 : 0;
    broken[spec.offset + index] = Number.NaN;
    await expectError(
      engine.gradients([theta, broken], [engine.batch(pairs), engine.batch(pairs)]),
      "FAILED",
      new RegExp(`loss of batch 1: NaN, from NaN in ${spec.name.replaceAll(".", "\\.")}\\[${index}\\]`),
    );
  },
);

test("a loss that overflows from finite parameters says so", async () => {
  const engine = await createTensorEngine({ config, backend: "cpu" });
  const huge = theta.slice();
  huge.fill(3e38, huge.length - 7, huge.length - 3);
  huge.fill(-3e38, huge.length - 3);
  const wide = { sequences: [[1]], labels: [6] };
  await expectError(engine.gradients([huge], [engine.batch(wide)]), "FAILED", /every parameter is finite/);
});

test("arguments that do not fit are refused before anything runs", async () => {
  const engine = await createTensorEngine({ config, backend: "cpu" });
  const other = await createTensorEngine({ config, backend: "cpu" });
  const batch = engine.batch(pairs);
  await expectError(engine.gradients([theta], [batch, batch]), "USAGE", /thetas: 1 for 2 batches/);
  await expectError(engine.gradients([theta.slice(1)], [batch]), "USAGE", /thetas\[0\]: \d+ values\. Expected \d+/);
  await expectError(engine.hessianVectorProducts([theta], [batch], []), "USAGE", /directions: 0 for 1/);
  await expectError(engine.logits([theta], [other.batch(pairs)]), "USAGE", /another engine/);
  await expectError(engine.logits([theta], [{ size: 1 } as Batch]), "USAGE", /another engine/);
  expect(() => engine.batch({ sequences: [[7]], labels: [0] })).toThrow(/pair 0, sequence item 0: 7/);
  expect(() => engine.batch({ sequences: [], labels: [] })).toThrow(/at least one pair/);
  engine.dispose();
  await expectError(engine.logits([theta], [batch]), "USAGE", /after dispose/);
});

test("nothing asked, nothing returned", async () => {
  const engine = await createTensorEngine({ config, backend: "cpu" });
  expect(await engine.gradients([], [])).toEqual({ losses: [], gradients: [] });
  expect(await engine.logits([], [])).toEqual([]);
});
