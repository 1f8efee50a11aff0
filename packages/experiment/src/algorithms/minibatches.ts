import { type Batch, type Engine, entryAt, type PairTable, type StateDropout } from "@kshot/contract";
import type { GruTraining } from "@kshot/contract/schemas";
import { groupBatches, pairBatches, pairsAt, rowsByGroup, trainingWindows } from "@kshot/episodes";
import type { GruConfig } from "@kshot/gru-layout";
import { randomStream } from "@kshot/metrics";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { dropItems, dropSessionItems } from "./item-dropout.js";

/** The input of the minibatches of supervised training. */
export interface MinibatchOptions {
  readonly engine: Engine;
  readonly shape: GruConfig;
  readonly pairs: PairTable;
  /** Rows of `pairs` to train on. */
  readonly rows: Int32Array;
  /** The units that a minibatch does not split, if `settings.minibatches` is `sessions`. */
  readonly by: "session" | "user";
  readonly settings: Pick<GruTraining, "batch_size" | "minibatches" | "item_dropout" | "state_dropout"> &
    Partial<Pick<GruTraining, "final_item_dropout">>;
  readonly seed: number;
  /** Fixed offsets of rows, `[rows, nItems]`, that the loss adds to the scores; if omitted, none. */
  readonly offsets?: (rows: ArrayLike<number>) => Float32Array;
  /** Prefix of the names of the random streams. */
  readonly name: string;
}

/**
 * The minibatches of an epoch, without the first `skip`. They depend only on seed, name, epoch and the falls of the learning rate, so a resumed
 * training needs no generator's state. Each stream is named after the epoch, or the step, that draws from it.
 */
export function supervisedMinibatches(
  options: MinibatchOptions,
): (epoch: number, skip: number, rateDrops?: number) => Iterable<Batch> {
  const { settings, seed, name } = options;
  const maker = settings.minibatches === "sessions" ? ofSessions : ofPairs;
  const make = maker(options);
  const { final_item_dropout: final = null } = settings;
  const makeFinal = final === null ? make : maker({ ...options, settings: { ...settings, item_dropout: final } });
  return function* (epoch, skip, rateDrops = 0) {
    let step = 0;
    for (const batch of (rateDrops === 0 ? make : makeFinal)(randomStream(seed, `${name}/epoch ${epoch}`))) {
      if (++step <= skip) continue;
      yield batch(randomStream(seed, `${name}/epoch ${epoch}/step ${step}`));
    }
  };
}

/** The number of minibatches of the first epoch. Sessions are not split, so that epochs may differ by a few. */
export function minibatchesPerEpoch(options: MinibatchOptions): number {
  const maker = options.settings.minibatches === "sessions" ? ofSessions : ofPairs;
  let count = 0;
  for (const _ of maker(options)(randomStream(options.seed, `${options.name}/epoch 1`))) count++;
  return count;
}

/** A minibatch, created when it is needed. */
type Minibatch = (random: RandomGenerator) => Batch;

function ofPairs({ engine, shape, pairs, rows, settings, offsets }: MinibatchOptions) {
  return function* (order: RandomGenerator): Iterable<Minibatch> {
    for (const batch of pairBatches(rows, settings.batch_size, order)) {
      yield (random) => {
        const examples = dropItems(pairsAt(pairs, batch), settings.item_dropout, random);
        const options = stateDropout(batch.length, shape, settings.state_dropout, random);
        return engine.batch(examples, offsets ? { ...options, offsets: offsets(batch) } : options);
      };
    }
  };
}

function ofSessions({ engine, shape, pairs, rows, by, settings, offsets }: MinibatchOptions) {
  const groups = rowsByGroup(pairs, rows, by);
  const windows = trainingWindows(pairs, groups, shape.maxSeqLen);
  const { buffer, byteOffset } = pairs.prefixItems;
  // Takes half the time of `subarray`.
  const history = (row: number) => {
    const begin = entryAt(windows.begin, row);
    return new Int32Array(buffer, byteOffset + 4 * begin, entryAt(pairs.prefixOffsets, row + 1) - begin);
  };
  return function* (order: RandomGenerator): Iterable<Minibatch> {
    for (const batch of groupBatches(groups, settings.batch_size, order)) {
      yield (random) => {
        const sequences: Int32Array[] = [];
        const labels: number[] = [];
        // Parts of a large minibatch then consist of sessions of similar length, and the nodes of one depth fill the kernels.
        const ordered = [...batch].sort((a, b) => b.length - a.length);
        for (const group of ordered) {
          if (settings.item_dropout === 0) for (const row of group) sequences.push(history(row));
          else {
            const positions = group.map((row) => entryAt(windows.position, row));
            sequences.push(...dropSessionItems(Array.from(group, history), positions, settings.item_dropout, random));
          }
          for (const row of group) labels.push(entryAt(pairs.label, row));
        }
        const options = stateDropout(labels.length, shape, settings.state_dropout, random);
        const own = offsets?.(ordered.flatMap((group) => Array.from(group)));
        return engine.batch({ sequences, labels }, own ? { ...options, offsets: own } : options);
      };
    }
  };
}

/** A fresh mask for `pairs` states; nothing is drawn at rate 0. */
function stateDropout(
  pairs: number,
  { hiddenDim }: GruConfig,
  rate: number,
  random: RandomGenerator,
): { readonly stateDropout?: StateDropout } {
  if (rate === 0) return {};
  const kept = new Uint8Array(pairs * hiddenDim);
  // A comparison as a number takes half the time of an unpredictable branch. Draws are integers: rounding up gives the same mask.
  const limit = Math.ceil(rate * 2 ** 32);
  for (let i = 0; i < kept.length; i++) kept[i] = +(random.next() >>> 0 >= limit);
  return { stateDropout: { rate, kept } };
}
