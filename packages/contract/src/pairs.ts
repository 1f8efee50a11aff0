/** Observed (history → next item) pairs of one person, as the GRU's engines take them. Items are 0 … nItems − 1. */
export interface Pairs {
  /** One history per pair, oldest item first, never empty. Longer ones than `maxSeqLen` keep their last items. */
  readonly sequences: readonly ArrayLike<number>[];
  /** The item that followed each history. */
  readonly labels: ArrayLike<number>;
}

/**
 * The state that the output layer reads at the end of a sequence.
 *
 * - `carry`: the state after the sequence's last item, as `nn.GRU` on packed sequences. Right, and the default.
 * - `notebook`: zero when the sequence is shorter than `maxSeqLen` (docs/notebook.md).
 */
export type Mask = "carry" | "notebook";
