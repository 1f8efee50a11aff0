import type { Engine, Pairs, PairTable } from "@kshot/contract";
import { gruConfig, initialParameters } from "@kshot/gru-layout";
import { createSimdEngine } from "@kshot/gru-simd";
import { startSupervisedTraining, trainSupervised } from "@kshot/meta-sgd";
import { randomStream } from "@kshot/metrics";
import { describe, expect, test } from "vitest";
import { randomSessions } from "../tools/bench-supervised.js";
import { type MinibatchOptions, minibatchesPerEpoch, supervisedMinibatches } from "./minibatches.js";

const shape = gruConfig({ nItems: 30, embeddingDim: 6, hiddenDim: 10, maxSeqLen: 12, dropout: 0 });
const pairs: PairTable = randomSessions(120, shape.nItems, randomStream(3, "sessions"));
const rows = Int32Array.from({ length: pairs.length }, (_, row) => row);
const settings = { batch_size: 150, minibatches: "sessions", item_dropout: 0.25, state_dropout: 0.3 } as const;
const minibatches = (changes: Partial<MinibatchOptions> & Pick<MinibatchOptions, "engine">) =>
  supervisedMinibatches({ shape, pairs, rows, by: "session", settings, seed: 1, name: "gru", ...changes });

/** An engine that stores the input of its batches. */
function recording() {
  const made: { pairs: Pairs; kept: number[] }[] = [];
  const engine = {
    batch: (examples: Pairs, options?: { stateDropout?: { kept: Uint8Array } }) => {
      made.push({ pairs: examples, kept: [...(options?.stateDropout?.kept ?? [])] });
      return { size: examples.sequences.length };
    },
  } as unknown as Engine;
  return { engine, made };
}
const epoch = (number: number, skip = 0, changes: Partial<MinibatchOptions> = {}) => {
  const { engine, made } = recording();
  const sizes = [...minibatches({ engine, ...changes })(number, skip)].map(({ size }) => size);
  return { made, sizes };
};

describe.each(["sessions", "pairs"] as const)("minibatches of %s", (kind) => {
  const changes = { settings: { ...settings, minibatches: kind } };

  test("an epoch has every pair once, and continues with the same minibatches after a stop", () => {
    const whole = epoch(2, 0, changes);
    expect(whole.sizes.reduce((sum, size) => sum + size, 0)).toBe(pairs.length);
    const labels = whole.made.flatMap(({ pairs: { labels } }) => Array.from(labels)).sort((a, b) => a - b);
    expect(labels).toEqual([...pairs.label].sort((a, b) => a - b));
    expect(epoch(2, 2, changes).made).toEqual(whole.made.slice(2));
    expect(epoch(3, 0, changes).made).not.toEqual(whole.made);
    expect(epoch(2, 0, { ...changes, seed: 2 }).made).not.toEqual(whole.made);
  });

  test("the first epoch has the counted number of minibatches", () => {
    const { engine } = recording();
    const own = { shape, pairs, rows, by: "session" as const, seed: 1, name: "gru", engine, ...changes };
    const count = minibatchesPerEpoch(own);
    expect(count).toBe(epoch(1, 0, changes).sizes.length);
    // Whole sessions do not fill every minibatch.
    const full = Math.ceil(pairs.length / settings.batch_size);
    if (kind === "pairs") expect(count).toBe(full);
    else expect(count).toBeGreaterThan(full);
  });

  test("units of the state are dropped at their rate; at rate 0 there is no mask", () => {
    const kept = epoch(1, 0, changes).made.flatMap((batch) => batch.kept);
    expect(kept).toHaveLength(pairs.length * shape.hiddenDim);
    const share = kept.reduce((sum, one) => sum + one, 0) / kept.length;
    // Some 6,700 coins of .7: standard deviation .006.
    expect(Math.abs(share - 0.7)).toBeLessThan(0.025);
    const without = { settings: { ...changes.settings, state_dropout: 0 } };
    expect(epoch(1, 0, without).made.every((batch) => batch.kept.length === 0)).toBe(true);
  });
});

test("after the learning rate has fallen, items are dropped at the final rate", () => {
  const items = (settingsOf: MinibatchOptions["settings"], rateDrops: number) => {
    const { engine, made } = recording();
    for (const _ of minibatches({ engine, settings: settingsOf })(1, 0, rateDrops));
    return made
      .flatMap((batch) => Array.from(batch.pairs.sequences, ({ length }) => length))
      .reduce((a, b) => a + b, 0);
  };
  const whole = items({ ...settings, item_dropout: 0 }, 0);
  const dropped = items(settings, 0);
  expect(dropped).toBeLessThan(whole);
  expect(items(settings, 1)).toBe(dropped);
  expect(items({ ...settings, final_item_dropout: 0 }, 0)).toBe(dropped);
  expect(items({ ...settings, final_item_dropout: 0 }, 1)).toBe(whole);
});

test("training has the same bits with 1, 2, 3 and 7 workers, and when it continues from a stored state", async () => {
  const train = async (
    workers: number,
    maxEpochs: number,
    from = startSupervisedTraining(initialParameters(shape, randomStream(1, "start"))),
  ) => {
    const engine = await createSimdEngine({ config: shape, workers });
    try {
      const result = await trainSupervised({
        engine,
        initial: from,
        epochBatches: minibatches({ engine }),
        learningRate: 0.01,
        weightDecay: 0.01,
        clip: 0.5,
        maxEpochs,
        patience: 0,
        validate: async (_, number) => ({ score: number, metrics: number }),
      });
      const { theta, moments } = result.state;
      return {
        ...result.state,
        theta: theta.slice(),
        moments: { ...moments, firstMoment: moments.firstMoment.slice(), secondMoment: moments.secondMoment.slice() },
      };
    } finally {
      engine.dispose();
    }
  };
  const alone = await train(1, 2);
  expect(alone.step).toBeGreaterThan(8);
  for (const workers of [2, 3, 7]) expect(await train(workers, 2)).toEqual(alone);
  const half = await train(2, 1);
  expect((await train(3, 2, half as never)).theta).toEqual(alone.theta);
});

test("the sessions of a minibatch come in order of length, the longest first", () => {
  const changes = {
    shape: { ...shape, maxSeqLen: 50 },
    settings: { ...settings, item_dropout: 0, state_dropout: 0 },
  };
  // The last minibatch of an epoch can have fewer.
  for (const { pairs: made } of epoch(1, 0, changes).made.slice(0, -1)) {
    const begins = made.sequences.flatMap(({ length }, i) => (length === 1 ? [i] : []));
    const lengths = begins.map((begin, i) => (begins[i + 1] ?? made.sequences.length) - begin);
    expect(begins.length).toBeGreaterThan(5);
    expect(lengths).toEqual([...lengths].sort((a, b) => b - a));
  }
});

test.each(["sessions", "pairs"] as const)(
  "offsets of a minibatch of %s are those of its pairs, in their order",
  (kind) => {
    const made: { labels: number[]; offsets: number[] }[] = [];
    const engine = {
      batch: ({ labels }: Pairs, { offsets }: { offsets?: Float32Array } = {}) => {
        made.push({ labels: Array.from(labels), offsets: [...(offsets ?? [])] });
        return { size: labels.length };
      },
    } as unknown as Engine;
    // The offset of a pair is its label.
    const offsets = (asked: ArrayLike<number>) => Float32Array.from(asked, (row) => pairs.label[row]!);
    const batches = minibatches({ engine, offsets, settings: { ...settings, minibatches: kind } });
    expect([...batches(1, 0)].length).toBeGreaterThan(2);
    for (const batch of made) expect(batch.offsets).toEqual(batch.labels);
  },
);
