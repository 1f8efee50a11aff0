import { gruConfig, initialParameters } from "@kshot/gru-layout";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { createSimdEngine } from "../src/index.js";

/** The result of one fixed computation, as text to compare between runtimes. */
export interface FixedResult {
  readonly workers: number;
  readonly build: string;
  /** Bits of the results, 32 at a time, folded by FNV-1a. */
  readonly bits: readonly string[];
}

/** One meta-gradient over nine people and one person's adapted scores, by the plain build: the same code for Node and browsers. */
export async function fixedWork(workers: number): Promise<FixedResult> {
  const config = gruConfig({ nItems: 37, embeddingDim: 10, hiddenDim: 14 });
  const engine = await createSimdEngine({ config, workers, build: "simd" });
  const random = xoroshiro128plus(5);
  const items = (count: number) => Array.from({ length: count }, () => uniformInt(random, 0, config.nItems - 1));
  const pairs = (count: number) => ({
    sequences: Array.from({ length: count }, (_, i) => items(1 + ((3 * i) % 8))),
    labels: items(count),
  });
  const theta = initialParameters(config, random);
  const alpha = theta.map((_, i) => 0.01 + (i % 7) * 0.01);
  const tasks = Array.from({ length: 9 }, (_, i) => engine.task(pairs(1 + (i % 5)), pairs(3 + i)));
  const { taskLosses, dTheta, dAlpha } = await engine.metaGradient(theta, alpha, tasks, { innerSteps: 5, order: 2 });
  const [[scores]] = await engine.adaptedLogits(theta, alpha, [tasks[0].support], [[tasks[0].query]], [3]);
  const { backend: build, workers: had } = engine.description;
  engine.dispose();
  const bits = [Float32Array.from(taskLosses), dTheta, dAlpha, scores.values].map((values) =>
    folded(values as Float32Array),
  );
  return { workers: had, build, bits };
}

function folded(values: Float32Array): string {
  let hash = 0x811c9dc5;
  for (const word of new Uint32Array(values.slice().buffer)) hash = Math.imul(hash ^ word, 0x01000193) >>> 0;
  return `${values.length}:${hash.toString(16)}`;
}
