import type { GruConfig } from "./config.js";

/** Nodes in order of first appearance: a parent always comes before its children. */
export interface PrefixTrie {
  readonly items: readonly number[];
  /** −1 at a root. */
  readonly parents: readonly number[];
  readonly depths: readonly number[];
  /** Last node of each sequence. */
  readonly leaf: Int32Array;
  /** Cropped length of each sequence. */
  readonly length: Int32Array;
}

/** Inserts the last `maxSeqLen` items of each sequence. Items are 0 … nItems − 1. */
export function prefixTrie(
  sequences: readonly ArrayLike<number>[],
  { nItems, maxSeqLen }: Pick<GruConfig, "nItems" | "maxSeqLen">,
): PrefixTrie {
  const items: number[] = [];
  const parents: number[] = [];
  const depths: number[] = [];
  const leaf = new Int32Array(sequences.length);
  const length = new Int32Array(sequences.length);
  // A map is slow, and most nodes have one child at most: it has only roots, and children after the first.
  const children = new Map<number, number>();
  const firstChild: number[] = [];
  // The last sequence and its nodes: successive prefixes of one session share them without a look-up.
  let last: ArrayLike<number> = [];
  let lastFirst = 0;
  const path: number[] = [];
  for (const [pair, sequence] of sequences.entries()) {
    const first = Math.max(0, sequence.length - maxSeqLen);
    let parent = -1;
    let shared = 0;
    const most = Math.min(path.length, sequence.length - first);
    while (shared < most && last[lastFirst + shared] === sequence[first + shared]) shared += 1;
    if (shared > 0) parent = path[shared - 1];
    path.length = shared;
    for (let i = first + shared; i < sequence.length; i++) {
      const key = (parent + 1) * nItems + sequence[i];
      let node = parent < 0 ? -1 : firstChild[parent];
      if (parent < 0 || (node >= 0 && items[node] !== sequence[i])) node = children.get(key) ?? -1;
      if (node < 0) {
        node = items.push(sequence[i]) - 1;
        parents.push(parent);
        depths.push(i - first);
        firstChild.push(-1);
        if (parent >= 0 && firstChild[parent] < 0) firstChild[parent] = node;
        else children.set(key, node);
      }
      parent = node;
      path.push(node);
    }
    last = sequence;
    lastFirst = first;
    leaf[pair] = parent;
    length[pair] = sequence.length - first;
  }
  return { items, parents, depths, leaf, length };
}
