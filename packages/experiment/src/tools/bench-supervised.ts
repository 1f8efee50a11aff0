import type { Engine, PairTable } from "@kshot/contract";
import type { GruConfig } from "@kshot/gru-layout";
import { initialParameters } from "@kshot/gru-layout";
import { startSupervisedTraining, trainSupervised } from "@kshot/meta-sgd";
import { randomStream } from "@kshot/metrics";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { supervisedMinibatches } from "../algorithms/index.js";
import { endsOf, median } from "./median.js";

/** Minimum duration of one timed series of minibatches, in milliseconds. */
const stretch = 300;

/** Median, least and greatest of the timed series. */
export interface PairsPerSecond {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Median of the pairs per second of processor time, all threads together: on a shared machine it varies less than the clock's. */
  readonly perProcessorSecond: number;
}

/**
 * Train pairs per second of supervised training as `train` does it: minibatches of whole sessions, gradient, Adam; making the
 * minibatches is included, validation is not.
 *
 * @param stretches number of timed series of at least 0.3 s, after one that is not timed
 * @param milliseconds a monotonic clock
 * @param processorMilliseconds processor time of the process, all its threads together
 */
export async function supervisedPairsPerSecond({
  engine,
  shape,
  pairs,
  batchPairs,
  stretches,
  milliseconds,
  processorMilliseconds,
}: {
  readonly engine: Engine;
  readonly shape: GruConfig;
  readonly pairs: PairTable;
  readonly batchPairs: number;
  readonly stretches: number;
  readonly milliseconds: () => number;
  readonly processorMilliseconds: () => number;
}): Promise<PairsPerSecond> {
  const rows = Int32Array.from({ length: pairs.length }, (_, row) => row);
  const settings = { batch_size: batchPairs, minibatches: "sessions", item_dropout: 0, state_dropout: 0 } as const;
  const batches = supervisedMinibatches({
    engine,
    shape,
    pairs,
    rows,
    by: "session",
    settings,
    seed: 7,
    name: "bench",
  });
  const rates: { byClock: number; byProcessor: number }[] = [];
  let begin = milliseconds();
  let processorBegin = processorMilliseconds();
  let done = 0;
  const sizes: number[] = [];
  const enough = new AbortController();
  await trainSupervised({
    engine,
    initial: startSupervisedTraining(initialParameters(shape, randomStream(7, "bench"))),
    *epochBatches(epoch, skip) {
      for (const batch of batches(epoch, skip)) {
        sizes.push(batch.size);
        yield batch;
      }
    },
    learningRate: 1e-3,
    maxEpochs: Number.MAX_SAFE_INTEGER,
    patience: 0,
    validate: async () => ({ score: 0, metrics: null }),
    onStep: () => {
      done += sizes.shift() ?? 0;
      const now = milliseconds();
      if (now - begin < stretch) return;
      const processor = processorMilliseconds();
      rates.push({ byClock: (1000 * done) / (now - begin), byProcessor: (1000 * done) / (processor - processorBegin) });
      begin = now;
      processorBegin = processor;
      done = 0;
      if (rates.length > stretches) enough.abort();
    },
    signal: enough.signal,
  });
  const ascending = (a: number, b: number) => a - b;
  const timed = rates.slice(1);
  const clock = timed.map(({ byClock }) => byClock).sort(ascending);
  const processor = timed.map(({ byProcessor }) => byProcessor).sort(ascending);
  return { median: median(clock), ...endsOf(clock), perProcessorSecond: median(processor) };
}

/**
 * Random sessions as a pair table: 2 to 40 items, 5.6 pairs on average (as in the XuetangX data), every prefix a pair.
 *
 * @param count number of sessions
 */
export function randomSessions(count: number, items: number, random: RandomGenerator): PairTable {
  const label: number[] = [];
  const session: number[] = [];
  const prefixItems: number[] = [];
  const prefixOffsets = [0];
  for (let number = 0; number < count; number++) {
    const clicks = [uniformInt(random, 0, items - 1)];
    do {
      prefixItems.push(...clicks);
      prefixOffsets.push(prefixItems.length);
      const next = uniformInt(random, 0, items - 1);
      clicks.push(next);
      label.push(next);
      session.push(number);
    } while (clicks.length < 40 && uniformFloat64(random) < 1 - 1 / 5.6);
  }
  const names = Array.from({ length: count }, (_, i) => `${i}`);
  const numbers = Int32Array.from(session);
  return {
    length: label.length,
    pairId: Int32Array.from(label.keys()),
    users: names,
    user: numbers,
    sessions: names,
    session: numbers,
    prefixOffsets: Int32Array.from(prefixOffsets),
    prefixItems: Int32Array.from(prefixItems),
    label: Int32Array.from(label),
    labelTime: Float64Array.from(label.keys()),
  };
}
