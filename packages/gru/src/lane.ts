import type { StateDropout } from "@kshot/contract";
import { type GruConfig, type PrefixForest, prefixForest } from "@kshot/gru-layout";

/** One entry of the leading task axis: examples that are evaluated at one θ. */
export interface Lane {
  readonly forest: PrefixForest;
  /** 1 for each pair whose state is read as zero (mask `notebook`); null: none. `[pairs]` */
  readonly masked: Uint8Array | null;
  /** Dropout on the states that are read; null: none. */
  readonly stateDropout: StateDropout | null;
  /** Fixed numbers that the loss adds to the scores; null: none. `[pairs, nItems]` */
  readonly offsets: Float32Array | null;
}

/** One lane with the pairs of several lanes without dropout, one lane after the other, for scores. Prefixes are shared between lanes too. */
export function joinLanes(lanes: readonly Lane[], config: GruConfig): Lane {
  if (lanes.length === 1) return lanes[0];
  const sequences = lanes.flatMap(({ forest }) => Array.from(forest.leaf, (leaf, pair) => history(forest, leaf, pair)));
  const labels = lanes.flatMap(({ forest }) => Array.from(forest.labels));
  const masked = lanes.some((lane) => lane.masked !== null)
    ? Uint8Array.from(lanes.flatMap((lane) => Array.from(lane.masked ?? new Uint8Array(lane.forest.leaf.length))))
    : null;
  return { forest: prefixForest({ sequences, labels }, config), masked, stateDropout: null, offsets: null };
}

/** The cropped sequence of a pair, read back from its leaf up to the root. */
function history({ items, parents, length }: Lane["forest"], leaf: number, pair: number): Int32Array {
  const sequence = new Int32Array(length[pair]);
  for (let i = sequence.length - 1, node = leaf; i >= 0; i--, node = parents[node]) sequence[i] = items[node];
  return sequence;
}
