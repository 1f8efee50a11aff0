import { type Batch, type BatchOptions, type Mask, type Pairs, type StateDropout, usageError } from "@kshot/contract";
import { checkOffsets, checkPairs, checkStateDropout, type GruConfig, prefixForest } from "@kshot/gru-layout";
import { encodeForest, offsetsOf } from "./encode-forest.js";

/**
 * Pairs of one part of a batch of this many. It depends on nothing else, so that results do not depend on the number of workers. Small
 * batches have small parts, which several workers share; adding the gradients of a part costs about 5 pairs' time.
 */
function partSize(pairs: number): number {
  return pairs > 512 ? 128 : 64;
}

interface Examples {
  readonly pairs: { readonly sequences: Pairs["sequences"]; readonly labels: Int32Array };
  readonly stateDropout: StateDropout | undefined;
  readonly offsets: Float32Array | undefined;
}

/** Examples in the form of this engine; valid for every SIMD engine of the same vocabulary and history limit. */
export class SimdBatch implements Batch {
  readonly size: number;
  private encoded: Int32Array | undefined;
  private parts: readonly Int32Array[] | undefined;
  /** Of copies, if the forest of the whole large batch can be needed later. */
  private examples: (() => Examples) | undefined;

  constructor(
    private readonly config: GruConfig,
    pairs: Pairs,
    private readonly mask: Mask,
    { stateDropout, offsets }: Omit<BatchOptions, "mask"> = {},
  ) {
    checkPairs(pairs, config.nItems);
    this.size = pairs.sequences.length;
    if (stateDropout !== undefined) checkStateDropout(stateDropout, this.size, config.hiddenDim);
    if (offsets !== undefined) checkOffsets(offsets, this.size, config.nItems);
    const labels = new Int32Array(pairs.labels);
    const examples = { pairs: { sequences: pairs.sequences, labels }, stateDropout, offsets };
    // The caller can change its arrays later, so they are encoded now, in the usual form for a batch of this size.
    const most = partSize(this.size);
    if (this.size <= most) {
      this.encoded = this.encode(examples, 0, this.size);
      return;
    }
    const parts: Int32Array[] = [];
    for (let begin = 0; begin < this.size; begin += most) {
      parts.push(this.encode(examples, begin, Math.min(this.size, begin + most)));
    }
    this.parts = parts;
    const sequences = copied(pairs.sequences);
    const dropout = stateDropout && { ...stateDropout, kept: stateDropout.kept.slice() };
    this.examples = () => ({
      pairs: { sequences: sequences(), labels },
      stateDropout: dropout,
      // Much larger than the pairs, and seldom needed: read back from the parts.
      offsets: this.offsets(),
    });
  }

  /** All pairs in one forest. */
  whole(): Int32Array {
    return (this.encoded ??= this.encode(this.examples!(), 0, this.size));
  }

  private offsets(): Float32Array | undefined {
    const parts = this.parts!.map(offsetsOf);
    if (parts[0].length === 0) return undefined;
    const all = new Float32Array(this.size * this.config.nItems);
    let end = 0;
    for (const part of parts) {
      all.set(part, end);
      end += part.length;
    }
    return all;
  }

  /** The same pairs in forests of at most `partSize(size)` pairs; losses and gradients add up. */
  split(): readonly Int32Array[] {
    return this.parts ?? [this.whole()];
  }

  /** @throws `USAGE` for a batch of another engine, vocabulary or limit. */
  static own(batch: Batch, { nItems, maxSeqLen }: GruConfig): SimdBatch {
    if (batch instanceof SimdBatch && batch.config.nItems === nItems && batch.config.maxSeqLen === maxSeqLen)
      return batch;
    throw usageError({
      where: "batch",
      found: "a batch of another engine",
      expected: "a batch from this engine's batch() or task()",
    });
  }

  /** The pairs begin … end − 1 as one forest. */
  private encode({ pairs, stateDropout, offsets }: Examples, begin: number, end: number): Int32Array {
    const { hiddenDim, maxSeqLen, nItems } = this.config;
    const some = { sequences: pairs.sequences.slice(begin, end), labels: pairs.labels.subarray(begin, end) };
    return encodeForest(prefixForest(some, this.config), {
      mask: this.mask,
      maxSeqLen,
      nItems,
      divisor: this.size,
      ...(stateDropout && {
        stateDropout: { ...stateDropout, kept: stateDropout.kept.subarray(begin * hiddenDim, end * hiddenDim) },
      }),
      ...(offsets && { offsets: offsets.subarray(begin * nItems, end * nItems) }),
    });
  }
}

/** Copies sequences into one array, because many small ones take longer; the function makes views of it. */
function copied(sequences: Pairs["sequences"]): () => Int32Array[] {
  const ends = Int32Array.from(sequences, ({ length }) => length);
  for (let i = 1; i < ends.length; i++) ends[i] += ends[i - 1];
  const all = new Int32Array(ends[ends.length - 1]);
  let end = 0;
  for (const sequence of sequences) for (let i = 0; i < sequence.length; i++) all[end++] = sequence[i];
  return () => Array.from(ends, (stop, i) => all.subarray(i === 0 ? 0 : ends[i - 1], stop));
}
