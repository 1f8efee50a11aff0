import { randomPairs, shape } from "@kshot/engine-laws";
import { gruConfig, initialParameters } from "@kshot/gru-layout";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { expect, test } from "vitest";
import { createSimdEngine, simdBuilds } from "../dist/index.js";

const people = Array.from({ length: 11 }, (_, i) => ({
  support: randomPairs(1 + (i % 5), 12),
  query: randomPairs(1 + (i % 7), 12),
}));
const steps = [0, 1, 4];

test.each(
  simdBuilds().flatMap((build) =>
    [1, 2].flatMap((numLayers) => [1, 3].map((workers) => ({ build, numLayers, workers }))),
  ),
)(
  "is adapt and logits one after the other, to the bit: $build, $numLayers layers, $workers workers",
  async ({ build, numLayers, workers }) => {
    const config = gruConfig({ ...shape, numLayers, dropout: 0 });
    const engine = await createSimdEngine({ config, build, workers });
    try {
      const theta = initialParameters(config, xoroshiro128plus(1));
      const alpha = initialParameters(config, xoroshiro128plus(2)).map((value) => 0.3 * Math.abs(value));
      const supports = people.map(({ support }) => engine.batch(support));
      const queries = steps.map((count) =>
        people.map(({ query }) => engine.batch(query, count === 0 ? { mask: "notebook" } : {})),
      );
      const fused = await engine.adaptedLogits(theta, alpha, supports, queries, steps);
      for (const [i, count] of steps.entries()) {
        const fitted = await engine.adapt(theta, alpha, supports, count);
        expect(fused[i]).toEqual(await engine.logits(fitted, queries[i]));
      }
      expect(fused[2][3].values).not.toEqual(fused[1][3].values);
    } finally {
      engine.dispose();
    }
  },
);

test("refuses descending steps, lists of wrong lengths, and a loss that is not finite", async () => {
  const config = gruConfig(shape);
  const engine = await createSimdEngine({ config, workers: 1 });
  try {
    const theta = initialParameters(config, xoroshiro128plus(1));
    const alpha = engine.vector().fill(0.1);
    const [support, query] = [engine.batch(people[0].support), engine.batch(people[0].query)];
    const ask = (steps: number[], queries = steps.map(() => [query]), rates = alpha) =>
      engine.adaptedLogits(theta, rates, [support], queries, steps);
    await expect(ask([2, 1])).rejects.toThrow(/2, 1. Expected ascending/);
    await expect(ask([1], [[query, query]])).rejects.toThrow(/lists of 2/);
    await expect(ask([1], [])).rejects.toThrow(/lists of none/);
    const wild = alpha.map(() => 1e30);
    await expect(ask([9], [[query]], wild)).rejects.toThrow(/loss of batch 0 while adapting/);
    expect((await ask([1]))[0][0].rows).toBe(query.size);
  } finally {
    engine.dispose();
  }
});
