import { type Batch, type Mask, type Pairs, type StateDropout, usageError } from "@kshot/contract";
import { checkPairs, checkStateDropout, type GruConfig, prefixForest } from "@kshot/gru-layout";
import { type LiveForest, liveForest } from "./encode-forest.js";

/** Pairs of one part of a large batch; one workgroup computes one part. */
const partSize = 64;

/** Examples in the form of this engine; valid for every GPU engine of the same vocabulary and history limit. */
export class GpuBatch implements Batch {
  readonly size: number;
  /** All pairs in one forest. */
  readonly whole: LiveForest;
  private readonly parts: readonly LiveForest[];

  constructor(
    private readonly config: GruConfig,
    pairs: Pairs,
    mask: Mask,
    private readonly stateDropout?: StateDropout,
  ) {
    const { hiddenDim, maxSeqLen } = config;
    const live = (part: Pairs, first = 0) => {
      const forest = prefixForest(part, config);
      const kept = stateDropout?.kept.subarray(first * hiddenDim, (first + part.labels.length) * hiddenDim);
      return liveForest(forest, mask, maxSeqLen, stateDropout && { rate: stateDropout.rate, kept: kept! });
    };
    checkPairs(pairs, config.nItems);
    this.size = pairs.labels.length;
    if (stateDropout !== undefined) checkStateDropout(stateDropout, this.size, hiddenDim);
    this.whole = live(pairs);
    if (this.size <= partSize) {
      this.parts = [this.whole];
      return;
    }
    const labels = Array.from(pairs.labels);
    this.parts = Array.from({ length: Math.ceil(this.size / partSize) }, (_, part) => {
      const [begin, end] = [part * partSize, (part + 1) * partSize];
      return live({ sequences: pairs.sequences.slice(begin, end), labels: labels.slice(begin, end) }, begin);
    });
  }

  /** The same pairs in forests of at most `partSize` pairs; losses and gradients add up. */
  split(): readonly LiveForest[] {
    return this.parts;
  }

  /** @throws `USAGE` for a batch of another engine, vocabulary or limit, or with dropout on a state of another size. */
  static own(batch: Batch, { nItems, maxSeqLen, hiddenDim }: GruConfig): GpuBatch {
    if (
      batch instanceof GpuBatch &&
      batch.config.nItems === nItems &&
      batch.config.maxSeqLen === maxSeqLen &&
      (batch.stateDropout === undefined || batch.config.hiddenDim === hiddenDim)
    )
      return batch;
    throw usageError({
      where: "batch",
      found: "a batch of another engine",
      expected: "a batch from this engine's batch() or task()",
    });
  }
}
