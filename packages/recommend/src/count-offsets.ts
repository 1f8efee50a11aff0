import { entryAt, type Pairs } from "@kshot/contract";

/** A mixture of counting experts, as the source of offsets. */
export interface CountOffsetsSource {
  /**
   * Log-probabilities of all items, `[nItems]`.
   *
   * @param query the query's own prefix, oldest item first
   * @param support the person's pairs before it, or null
   */
  logProbabilities(query: ArrayLike<number>, support: Pairs | null): ArrayLike<number>;
}

/** The smallest offset: an item without probability has this one, because offsets must be finite. */
const leastOffset = -50;

/**
 * Offsets of a person's queries: the log-probabilities of the counting experts, −50 at least, `[queries, nItems]`.
 *
 * @param support the person's pairs before all queries, or null
 */
export function countOffsets(source: CountOffsetsSource, query: Pairs, support: Pairs | null): Float32Array {
  return offsetsOf(source, query, () => (support === null || support.labels.length === 0 ? null : support));
}

/** Offsets of a person's support pairs: each is a query after the pairs before it. `[pairs, nItems]` */
export function supportOffsets(source: CountOffsetsSource, support: Pairs): Float32Array {
  const labels = Array.from(support.labels);
  return offsetsOf(source, support, (pair) =>
    pair === 0 ? null : { sequences: support.sequences.slice(0, pair), labels: labels.slice(0, pair) },
  );
}

function offsetsOf(
  source: CountOffsetsSource,
  { sequences }: Pairs,
  before: (pair: number) => Pairs | null,
): Float32Array {
  let found = new Float32Array(0);
  for (const [pair, history] of sequences.entries()) {
    const values = source.logProbabilities(history, before(pair));
    if (pair === 0) found = new Float32Array(sequences.length * values.length);
    for (let item = 0; item < values.length; item++) {
      found[pair * values.length + item] = Math.max(leastOffset, entryAt(values, item));
    }
  }
  return found;
}
