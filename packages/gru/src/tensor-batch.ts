import { type Batch, type BatchOptions, type Mask, type Pairs, type StateDropout, usageError } from "@kshot/contract";
import { checkOffsets, checkStateDropout, type GruConfig, prefixForest } from "@kshot/gru-layout";
import type { Lane } from "./lane.js";

/** The tensor engine's batch: a forest in plain arrays. No tensor is held between calls. */
export class TensorBatch implements Batch, Lane {
  readonly size: number;
  readonly forest: Lane["forest"];
  readonly masked: Uint8Array | null;
  readonly stateDropout: StateDropout | null;
  readonly offsets: Float32Array | null;

  constructor(
    /** The engine's configuration object: which engine made the batch. */
    readonly config: GruConfig,
    pairs: Pairs,
    mask: Mask,
    { stateDropout, offsets }: Omit<BatchOptions, "mask"> = {},
  ) {
    this.forest = prefixForest(pairs, config);
    this.size = this.forest.leaf.length;
    if (stateDropout !== undefined) checkStateDropout(stateDropout, this.size, config.hiddenDim);
    this.stateDropout = stateDropout === undefined ? null : { ...stateDropout, kept: stateDropout.kept.slice() };
    if (offsets !== undefined) checkOffsets(offsets, this.size, config.nItems);
    this.offsets = offsets === undefined ? null : offsets.slice();
    const masked = mask === "notebook" ? shorterThan(this.forest.length, config.maxSeqLen) : null;
    this.masked = masked?.includes(1) ? masked : null;
  }

  /** The batch, checked to be of this engine. @throws `USAGE` for a batch of another engine. */
  static own(batch: Batch, config: GruConfig): TensorBatch {
    if (batch instanceof TensorBatch && batch.config === config) return batch;
    throw usageError({
      where: "tensor engine",
      found: "a batch of another engine",
      expected: "one that this engine's batch() or task() made",
    });
  }
}

function shorterThan(lengths: Int32Array, limit: number): Uint8Array {
  return Uint8Array.from(lengths, (length) => (length < limit ? 1 : 0));
}
