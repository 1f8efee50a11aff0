import { KshotError } from "@kshot/contract";
import { gruConfig, gruParameterLayout, initialParameters } from "@kshot/gru-layout";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, test } from "vitest";
import { createSimdEngine, type SimdEngine, simdBuilds } from "../dist/index.js";

const config = gruConfig({ nItems: 7, embeddingDim: 3, hiddenDim: 4, maxSeqLen: 3 });
const layout = gruParameterLayout(config);
const theta = initialParameters(config, xoroshiro128plus(1));
const alpha = theta.map(() => 0.05);
const pairs = { sequences: [[1], [1, 2]], labels: [2, 3] };
const engine = await createSimdEngine({ config, workers: 1 });
const task = engine.task(pairs, pairs);
const options = { innerSteps: 2, order: 2 } as const;

async function expectError(attempt: () => unknown, code: string, message: RegExp) {
  const error = await Promise.resolve()
    .then(attempt)
    .then(
      () => undefined,
      (thrown) => thrown,
    );
  expect(KshotError.isInstance(error) && error.code).toBe(code);
  expect(error.message).toMatch(message);
}

test.each<[string, () => unknown, string, RegExp]>([
  ["workers 0", () => createSimdEngine({ config, workers: 0 }), "USAGE", /workers: 0\. Expected a whole number/],
  ["a build that is not", () => createSimdEngine({ config, build: "avx" as never }), "USAGE", /build: avx\./],
  ["no pairs", () => engine.batch({ sequences: [], labels: [] }), "USAGE", /none/],
  ["an item too large", () => engine.task(pairs, { sequences: [[7]], labels: [1] }), "DATA", /7/],
  ["a short θ", () => engine.gradients([theta.slice(1)], [task.support]), "USAGE", /thetas\[0\]/],
  ["a missing θ", () => engine.gradients([], [task.support]), "USAGE", /0 for 1 batches/],
  ["a foreign batch", () => engine.gradients([theta], [{ size: 1 }]), "USAGE", /another engine/],
  ["no tasks", () => engine.metaGradient(theta, alpha, [], options), "USAGE", /tasks: none/],
  [
    "order 3",
    () => engine.metaGradient(theta, alpha, [task], { innerSteps: 1, order: 3 as never }),
    "USAGE",
    /order: 3/,
  ],
  ["−1 steps", () => engine.metaGradient(theta, alpha, [task], { innerSteps: -1, order: 2 }), "USAGE", /-1/],
])("%s is refused", (_, attempt, code, message) => expectError(attempt, code, message));

/** Each tensor with a value of it that the pairs touch: item 1's embedding row. */
const places = layout.tensors.map(
  ({ name, offset }) => [name, offset + (name === "embedding.weight" ? 3 : 2)] as const,
);

describe.each([Number.NaN, Number.POSITIVE_INFINITY])("%d", (value) => {
  test.each(places)("in %s is named, never a silent NaN", async (name, at) => {
    const bad = theta.slice();
    bad[at] = value;
    const named = new RegExp(`${value} in ${name.replaceAll(".", "\\.")}\\[`);
    await expectError(() => engine.gradients([bad], [task.support]), "FAILED", named);
    await expectError(() => engine.metaGradient(bad, alpha, [task], options), "FAILED", named);
    await expectError(() => engine.metaGradient(theta, bad, [task], options), "FAILED", named);
    if (Number.isNaN(value)) {
      await expectError(() => engine.adapt(bad, alpha, [task.support], 2), "FAILED", named);
    }
  });
});

test("a step that overshoots names the tensor it left unusable, or says that products overflow", async () => {
  const wild = alpha.map(() => 3e38);
  await expectError(() => engine.metaGradient(theta, wild, [task], options), "FAILED", /task 0: (NaN|Infinity)/);
});

test("a build that this runtime lacks is refused with what to do", async () => {
  const has = simdBuilds().includes("relaxed-simd");
  const attempt: Promise<SimdEngine> = createSimdEngine({ config, build: "relaxed-simd", workers: 1 });
  if (has) expect((await attempt).description.backend).toBe("relaxed-simd");
  else await expectError(() => attempt, "FAILED", /no WebAssembly relaxed SIMD.*Use the simd build/);
});

test("a model beyond WebAssembly's memory is refused", async () => {
  const huge = gruConfig({ nItems: 3_000_000 });
  await expectError(() => createSimdEngine({ config: huge, workers: 1 }), "FAILED", /a task needs \d+ MiB/);
});
