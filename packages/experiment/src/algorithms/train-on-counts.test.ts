import type { DataSet, Engine, ParameterVector } from "@kshot/contract";
import { type GruConfig, initialParameters } from "@kshot/gru-layout";
import { createSimdEngine } from "@kshot/gru-simd";
import { randomStream } from "@kshot/metrics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { circumstances, recorded, temporaryFolder, tinyCampus, tinyConfig } from "../../test/tiny.js";
import { modelShape } from "../config/index.js";
import { supportRules } from "../evaluation/index.js";
import { type HybridCandidate, type LearnedHybrid, learnHybrid } from "./hybrid.js";
import type { TrainingCheckpoints } from "./network-training.js";
import { type OnCountsOptions, trainOnCounts } from "./train-on-counts.js";

const folder = temporaryFolder();
/** Rates so small that nothing moves, and no meta-iteration: each training ends where it starts. */
const config = tinyConfig({
  gru_training: { learning_rate: 1e-12, max_epochs: 1, weight_decay: 0 },
  metasgd_config: { num_meta_iterations: 0 },
});
const noCheckpoints: TrainingCheckpoints = {
  due: () => false,
  save: async () => {},
  latest: async () => undefined,
};
let data: DataSet;
let shape: GruConfig;
let engine: Engine;
let gru: HybridCandidate;
beforeAll(async () => {
  ({ data } = await tinyCampus(folder));
  shape = modelShape(config, data.items.length);
  engine = await createSimdEngine({ config: shape, workers: 1 });
  // Knows what is popular among the validation people, so that it has a weight in the stack.
  const theta = initialParameters(shape, randomStream(1, "theta"));
  const bias = theta.subarray(theta.length - data.items.length).fill(0);
  for (const label of data.val.pairs.label) bias[label]! += 1;
  for (const [item, count] of bias.entries()) bias[item] = 2 * Math.log(1 + count);
  gru = { algorithm: "gru", theta, alpha: null, engine, rules: supportRules("gru", config.metasgd_config) };
});
afterAll(() => engine.dispose());

function options(more: Partial<OnCountsOptions> = {}): OnCountsOptions {
  return {
    ...{ engine, shape, config, data, progress: () => {}, seconds: circumstances().seconds },
    trained: (algorithm) => (algorithm === "gru" || algorithm === "meta-sgd" ? gru : undefined),
    checkpoints: { joint: noCheckpoints, meta: noCheckpoints },
    ...more,
  };
}

const learned = (network: HybridCandidate) =>
  learnHybrid(data, [network], { seed: 1, progress: () => {}, isFinal: false });
const weightOf = ({ mixture, counting }: LearnedHybrid) => mixture.stack.weights[counting.length]!;

/** θ with its output layer times a number, by its position at the end of the vector. */
function scaled(theta: ParameterVector, weight: number): number[] {
  const head = data.items.length * (shape.hiddenDim + 1);
  return Array.from(theta, (value, i) => (i < theta.length - head ? value : Math.fround(weight * value)));
}

describe("training on the counts' scores", () => {
  it("starts from the stack itself: its loss, and its network with the output layer times the network's weight", async () => {
    const start = await learned(gru);
    expect(weightOf(start)).toBeGreaterThan(0.2);
    const { events, progress } = recorded();
    const [joint, meta] = await trainOnCounts(start, options({ progress }));
    const losses = events.flatMap((event) => (event.type === "step" ? (event.figures["val loss"] ?? []) : []));
    // Counts of all train people for the validation people, and rounding to float32.
    expect(losses[0]).toBeCloseTo(start.facts.stack!.loss, 4);
    expect(joint).toMatchObject({ algorithm: "gru", alpha: null, onCounts: true });
    for (const [i, value] of scaled(gru.theta, weightOf(start)).entries())
      expect(joint!.theta[i]).toBeCloseTo(value, 6);
    // The network of the stack takes no steps, so Meta-SGD starts from the supervised one, with the configuration's rates.
    expect(Array.from(meta!.theta)).toEqual(Array.from(joint!.theta));
    expect(new Set(meta!.alpha)).toEqual(new Set([Math.fround(0.05)]));
    expect(meta!.offsetWeights).toEqual(start.mixture.stack.weights.toSpliced(start.counting.length, 1));
  });

  it("starts Meta-SGD from the stack's network and its rates if it takes steps", async () => {
    const metasgd_config = { ...config.metasgd_config, num_inner_steps: 1 };
    const alpha = gru.theta.map(() => 0.002);
    const rules = supportRules("meta-sgd", metasgd_config);
    const start = await learned({ ...gru, algorithm: "meta-sgd", alpha, rules, config: { metasgd_config } });
    const [, meta] = await trainOnCounts(start, options());
    expect(meta!.rules.innerSteps).toBe(1);
    expect(Array.from(meta!.theta)).toEqual(scaled(gru.theta, weightOf(start)));
    expect(Array.from(meta!.alpha!)).toEqual(Array.from(alpha));
  });

  it("trains no Meta-SGD where the run has none, and nothing where the run has no GRU of the stack's kind", async () => {
    const start = await learned(gru);
    const only = await trainOnCounts(
      start,
      options({ trained: (algorithm) => (algorithm === "gru" ? gru : undefined) }),
    );
    expect(only.map(({ algorithm }) => algorithm)).toEqual(["gru"]);
    expect(await trainOnCounts(start, options({ trained: () => undefined }))).toEqual([]);
  });
});
