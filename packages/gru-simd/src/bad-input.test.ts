import { expectError } from "@kshot/engine-laws";
import { gruConfig, gruParameterLayout, initialParameters } from "@kshot/gru-layout";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createSimdEngine, type SimdEngine, simdBuilds } from "../dist/index.js";

const config = gruConfig({ nItems: 7, embeddingDim: 3, hiddenDim: 4, maxSeqLen: 3 });
const layout = gruParameterLayout(config);
const theta = initialParameters(config, xoroshiro128plus(1));
const alpha = theta.map(() => 0.05);
const pairs = { sequences: [[1], [1, 2]], labels: [2, 3] };
const engine = await createSimdEngine({ config, workers: 1 });
const task = engine.task(pairs, pairs);
const options = { innerSteps: 2, order: 2 } as const;

test.each<[string, () => unknown, "USAGE", RegExp]>([
  ["workers 0", () => createSimdEngine({ config, workers: 0 }), "USAGE", /workers: 0\. Expected a whole number/],
  ["a build that is not", () => createSimdEngine({ config, build: "avx" as never }), "USAGE", /build: avx\./],
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

test.each([0, 1, 9, 15])("scores that overflow are named, never a silent NaN: of item %i", async (item) => {
  const wide = gruConfig({ nItems: 16, embeddingDim: 3, hiddenDim: 16, maxSeqLen: 3 });
  const at = (name: string) => gruParameterLayout(wide).tensors.find((tensor) => tensor.name === name)!.offset;
  const large = new Float32Array(gruParameterLayout(wide).size);
  // z is nearly 0 and n nearly 1, so every state is nearly 1.
  large.fill(-5, at("gru.bias_ih_l0") + 16, at("gru.bias_ih_l0") + 32);
  large.fill(5, at("gru.bias_ih_l0") + 32, at("gru.bias_ih_l0") + 48);
  const wider = await createSimdEngine({ config: wide, workers: 1 });
  const batch = wider.batch(pairs);
  for (const sign of [1, -1]) {
    // Sums of four lanes: all infinite, or half of them −∞ and NaN together.
    const overflowing = large.map((value, i) => {
      const unit = i - at("fc.weight") - 16 * item;
      return unit < 0 || unit >= 16 ? value : 3e38 * (unit % 2 === 0 ? 1 : sign);
    });
    await expectError(() => wider.gradients([overflowing], [batch]), "FAILED", /loss of batch 0: (NaN|Infinity)/);
  }
});

test("an entry without minibatches is refused", async () => {
  const attempt = () => engine.adaptInTurn(theta, alpha, [[task.support], []], 1);
  await expectError(attempt, "USAGE", /turns, entry 1: no batch\. Expected one or more/);
});

test("a step that is too large names the tensor that is not finite, or says that products overflow", async () => {
  const wild = alpha.map(() => 3e38);
  await expectError(() => engine.metaGradient(theta, wild, [task], options), "FAILED", /task 0: (NaN|Infinity)/);
});

test("a build that this runtime lacks is refused with advice", async () => {
  const has = simdBuilds().includes("relaxed-simd");
  const attempt: Promise<SimdEngine> = createSimdEngine({ config, build: "relaxed-simd", workers: 1 });
  if (has) expect((await attempt).description.backend).toBe("relaxed-simd");
  else await expectError(() => attempt, "FAILED", /no WebAssembly relaxed SIMD.*Use the simd build/);
});

test.each([
  // 10 million rows of 128 floats have more bytes than 32 bits can count. A sum that wraps must not look small.
  ["the smallest beyond", 1_400_000],
  ["many times beyond", 10_000_000],
])("a model beyond WebAssembly's memory is refused, without filling it first: %s", async (_, nItems) => {
  const start = performance.now();
  await expectError(
    () => createSimdEngine({ config: gruConfig({ nItems }), workers: 1 }),
    "FAILED",
    /needs \d{4,} MiB.*at most .*4096 MiB/,
  );
  expect(performance.now() - start).toBeLessThan(1000);
});

test("a larger task is refused, and the engine remains usable", async () => {
  const wide = gruConfig({ nItems: 200_000, embeddingDim: 1, hiddenDim: 8 });
  const start = initialParameters(wide, xoroshiro128plus(1));
  const large = await createSimdEngine({ config: wide, workers: 1 });
  const count = 6000;
  const many = { sequences: Array.from({ length: count }, () => [1]), labels: new Int32Array(count) };
  const tooLarge = large.task(pairs, many);
  await expectError(() => large.metaGradient(start, start, [tooLarge], options), "FAILED", /needs \d{4} MiB/);
  const rates = start.map(() => 0.01);
  const { taskLosses } = await large.metaGradient(start, rates, [large.task(pairs, pairs)], options);
  expect(taskLosses[0]).toBeGreaterThan(0);
});

test("a runtime without SIMD gets an error that names the requirement", async () => {
  vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
  onTestFinished(() => void vi.restoreAllMocks());
  for (const build of ["auto", "simd"] as const) {
    await expectError(
      () => createSimdEngine({ config, build }),
      "FAILED",
      /no WebAssembly SIMD.*Use the tensor engine/,
    );
  }
});

test("the requested build computes", async () => {
  for (const build of simdBuilds()) {
    const forced = await createSimdEngine({ config, build, workers: 1 });
    expect(forced.description.backend).toBe(build);
  }
  expect(engine.description.backend).toBe(simdBuilds()[0]);
});
