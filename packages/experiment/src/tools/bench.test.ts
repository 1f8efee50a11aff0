import { expect, test } from "vitest";
import { type BenchOptions, bench } from "./bench.js";

const options: BenchOptions = {
  ...{ items: 30, embeddingDim: 4, hiddenDim: 8, tasks: 2, innerSteps: 1, iterations: 2, history: "nested" },
  engine: { engine: "simd", device: "cpu", workers: 1 },
  milliseconds: () => performance.now(),
  processorMilliseconds: () => process.cpuUsage().user / 1000,
  peakRssBytes: () => 1,
};

test("times meta-iterations and one person, and supervised training only where it is asked for", async () => {
  const plain = await bench(options);
  expect(plain).not.toHaveProperty("pairsPerSecond");
  expect(plain.options).not.toHaveProperty("batchPairs");
  const {
    pairsPerSecond,
    msPerMetaIteration,
    adaptMs,
    options: asked,
  } = await bench({
    ...options,
    supervised: { batchPairs: 64 },
  });
  expect(asked.batchPairs).toBe(64);
  for (const { median, min, max } of [pairsPerSecond!, msPerMetaIteration, adaptMs]) {
    expect(min).toBeGreaterThan(0);
    expect(median).toBeGreaterThanOrEqual(min);
    expect(max).toBeGreaterThanOrEqual(median);
  }
});

test("counts pairs against the clock", async () => {
  let now = 0;
  const milliseconds = () => (now += 400);
  let processor = 0;
  const processorMilliseconds = () => (processor += 200);
  const { pairsPerSecond } = await bench({
    ...{ ...options, supervised: { batchPairs: 64 } },
    ...{ milliseconds, processorMilliseconds },
  });
  // The clock advances by 0.4 s per minibatch, which has 25 to 64 pairs, because a session has at most 39.
  expect(pairsPerSecond!.min).toBeGreaterThanOrEqual(25 / 0.4);
  expect(pairsPerSecond!.max).toBeLessThanOrEqual(64 / 0.4);
  // The processor's clock advances by half as much.
  expect(pairsPerSecond!.perProcessorSecond).toBeCloseTo(2 * pairsPerSecond!.median, 6);
});
