import { type Batch, type Pairs, type Readout, usageError } from "@kshot/contract";
import { type GruConfig, type PrefixForest, prefixForest } from "@kshot/gru-layout";
import { encodeForest } from "./encode-forest.js";

/** Pairs of one part of a large batch. Fixed, so that results do not depend on the number of workers. */
const partSize = 64;

/** Examples as this engine keeps them; valid for every SIMD engine of the same vocabulary and history limit. */
export class SimdBatch implements Batch {
  readonly size: number;
  private readonly encoded: Int32Array;
  private parts: readonly Int32Array[] | undefined;

  constructor(
    private readonly config: GruConfig,
    private readonly pairs: Pairs,
    private readonly readout: Readout,
  ) {
    const forest = prefixForest(pairs, config);
    this.size = forest.leaf.length;
    this.encoded = this.encode(forest);
    // The caller may change its arrays later, so what is needed later is copied.
    if (this.size <= partSize) this.pairs = { sequences: [], labels: [] };
    else
      this.pairs = { sequences: pairs.sequences.map((s) => Int32Array.from(s)), labels: Int32Array.from(pairs.labels) };
  }

  /** All pairs in one forest. */
  whole(): Int32Array {
    return this.encoded;
  }

  /** The same pairs in forests of at most `partSize` pairs; losses and gradients add up. */
  split(): readonly Int32Array[] {
    if (this.size <= partSize) return [this.encoded];
    if (this.parts === undefined) {
      const { sequences, labels } = this.pairs;
      const parts: Int32Array[] = [];
      for (let begin = 0; begin < this.size; begin += partSize) {
        const part = {
          sequences: sequences.slice(begin, begin + partSize),
          labels: Array.from(labels).slice(begin, begin + partSize),
        };
        parts.push(this.encode(prefixForest(part, this.config)));
      }
      this.parts = parts;
    }
    return this.parts;
  }

  /** @throws `USAGE` for a batch of another engine, vocabulary or limit. */
  static own(batch: Batch, { nItems, maxSeqLen }: GruConfig): SimdBatch {
    if (batch instanceof SimdBatch && batch.config.nItems === nItems && batch.config.maxSeqLen === maxSeqLen)
      return batch;
    throw usageError({
      where: "batch",
      found: "one that was made by another engine",
      expected: "a batch from this engine's batch() or task()",
    });
  }

  private encode(forest: PrefixForest): Int32Array {
    return encodeForest(forest, { readout: this.readout, maxSeqLen: this.config.maxSeqLen, divisor: this.size });
  }
}
