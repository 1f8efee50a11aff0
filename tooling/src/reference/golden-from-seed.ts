import { usageError } from "@kshot/contract";
import type { Golden } from "@kshot/contract/schemas";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { goldenTask, type TaskKind } from "./golden-tasks.js";
import { type ReferenceConfig, referenceLayout, unflatten } from "./parameters.js";
import { referenceGolden } from "./reference-golden.js";

/** Options of a golden file. */
export interface GoldenPlan {
  readonly config: ReferenceConfig;
  readonly kinds: readonly TaskKind[];
  readonly outerSteps: number;
  /** No item is in two tasks, and each outer step has one task. An Adam that skips rows without gradient fails this test. */
  readonly disjoint?: boolean;
  readonly k?: number;
  readonly q?: number;
}

/** The default model, 140,695 parameters, 3 tasks, 5 inner and 6 outer steps. */
export const fullSizePlan: GoldenPlan = {
  config: { nItems: 343, embeddingDim: 64, hiddenDim: 128, numLayers: 1, maxSeqLen: 50, innerSteps: 5 },
  kinds: ["nested", "sessions", "unrelated"],
  outerSteps: 6,
};

/** A small model of odd sizes, for a look at the schema. */
export const smallPlan: GoldenPlan = {
  config: { nItems: 17, embeddingDim: 6, hiddenDim: 10, numLayers: 1, maxSeqLen: 8, innerSteps: 5 },
  kinds: ["nested", "sessions", "unrelated"],
  outerSteps: 4,
};

/**
 * A golden file from a seed: θ distributed as PyTorch's (embedding N(0, 1), the rest uniform ±1/√hiddenDim), α uniform in
 * [0.005, 0.1], a normal direction, K 5 and Q 10 where not given, outer rate 1e-3, α in [1e-4, 0.1].
 *
 * @throws a `USAGE` error when disjoint tasks outnumber the items.
 */
export function goldenFromSeed(plan: GoldenPlan, seed: number): Golden {
  const { config, kinds, outerSteps, disjoint = false, k = 5, q = 10 } = plan;
  const random = xoroshiro128plus(seed);
  const uniform = () => uniformFloat64(random);
  // 1 − u is in (0, 1], so the logarithm is finite.
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const { size } = referenceLayout(config);
  const bound = 1 / Math.sqrt(config.hiddenDim);
  const embedded = config.nItems * config.embeddingDim;
  const theta = Float64Array.from({ length: size }, (_, i) => (i < embedded ? normal() : (2 * uniform() - 1) * bound));
  const alpha = Float64Array.from({ length: size }, () => 0.005 + 0.095 * uniform());
  const direction = Float64Array.from({ length: size }, normal);

  const share = disjoint ? Math.floor(config.nItems / kinds.length) : config.nItems;
  if (share < 1)
    throw usageError({ where: "golden plan", found: `${kinds.length} disjoint tasks on ${config.nItems} items` });
  const tasks = kinds.map((kind, i) => {
    const low = disjoint ? i * share : 0;
    return goldenTask(kind, { k, q, low, high: low + share - 1, maxSeqLen: config.maxSeqLen }, random);
  });
  const all = tasks.map((_, i) => i);
  return referenceGolden(
    config,
    unflatten(config, theta),
    unflatten(config, alpha),
    tasks,
    {
      outerLr: 0.001,
      alphaClamp: [0.0001, 0.1],
      batches: Array.from({ length: outerSteps }, (_, i) => (disjoint ? [i % tasks.length] : all)),
    },
    unflatten(config, direction),
  );
}
