import type { Pairs } from "@kshot/contract";
import { checkPairs } from "./check-pairs.js";
import type { GruConfig } from "./config.js";
import { prefixTrie } from "./prefix-trie.js";

/**
 * The union of all prefixes of some pairs. A node is an (item, parent); the path from its root is a history, so that
 * the GRU computes each shared prefix once.
 *
 * Nodes are sorted by depth. Within a depth, nodes with more levels below them come first, then in the order of their
 * parents: where no node has two children, the parents of depth d + 1 are the first nodes of depth d, in order.
 */
export interface PrefixForest {
  /** Item of each node. `[nodes]` */
  readonly items: Int32Array;
  /** Node before each node; −1 at the first item of a history. `[nodes]` */
  readonly parents: Int32Array;
  /** Nodes of depth d (0: first items) are `depthOffsets[d] … depthOffsets[d + 1] − 1`. `[depths + 1]` */
  readonly depthOffsets: Int32Array;
  /** Node where each pair's history ends. `[pairs]` */
  readonly leaf: Int32Array;
  /** Item that followed each history. `[pairs]` */
  readonly labels: Int32Array;
  /** Number of items of each history after cropping: 1 … maxSeqLen. `[pairs]` */
  readonly length: Int32Array;
}

/**
 * Shares the prefixes of pairs. A history longer than `maxSeqLen` keeps its last items and starts a separate tree.
 *
 * @throws what `checkPairs` throws: `USAGE` for no pairs, `DATA` for an empty sequence or a value outside 0 … nItems − 1.
 * @example
 * ```js
 * import { gruConfig, prefixForest } from "@kshot/gru-layout";
 *
 * // Three nested histories need three nodes instead of six.
 * const pairs = { sequences: [[3], [3, 7], [3, 7, 1]], labels: [7, 1, 9] };
 * const forest = prefixForest(pairs, gruConfig({ nItems: 10 }));
 * console.log(forest.items, forest.parents); // Int32Array(3) [ 3, 7, 1 ] Int32Array(3) [ -1, 0, 1 ]
 * ```
 */
export function prefixForest(pairs: Pairs, config: Pick<GruConfig, "nItems" | "maxSeqLen">): PrefixForest {
  checkPairs(pairs, config.nItems);
  const trie = prefixTrie(pairs.sequences, config);
  const { order, rank, depthOffsets } = sortByDepth(trie.parents, trie.depths);
  const nodes = order.length;
  const items = new Int32Array(nodes);
  const parents = new Int32Array(nodes);
  for (let place = 0; place < nodes; place++) {
    const parent = trie.parents[order[place]];
    items[place] = trie.items[order[place]];
    parents[place] = parent < 0 ? -1 : rank[parent];
  }
  const leaf = trie.leaf.map((node) => rank[node]);
  return { items, parents, depthOffsets, leaf, labels: new Int32Array(pairs.labels), length: trie.length };
}

/** Order of `PrefixForest` for nodes that come after their parents, and the position of each node in it. */
function sortByDepth(parents: readonly number[], depths: readonly number[]) {
  const nodes = parents.length;
  const height = new Int32Array(nodes);
  let levels = 0;
  for (let node = nodes - 1; node >= 0; node--) {
    const parent = parents[node];
    if (parent >= 0) height[parent] = Math.max(height[parent], height[node] + 1);
    levels = Math.max(levels, depths[node] + 1);
  }
  const depthOffsets = new Int32Array(levels + 1);
  for (let node = 0; node < nodes; node++) depthOffsets[depths[node] + 1] += 1;
  for (let depth = 0; depth < levels; depth++) depthOffsets[depth + 1] += depthOffsets[depth];
  const free = depthOffsets.slice();
  const order = new Int32Array(nodes);
  for (let node = 0; node < nodes; node++) order[free[depths[node]]++] = node;
  const rank = new Int32Array(nodes);
  const parentRank = (node: number) => (parents[node] < 0 ? 0 : rank[parents[node]]);
  for (let depth = 0; depth < levels; depth++) {
    const [begin, end] = [depthOffsets[depth], depthOffsets[depth + 1]];
    if (end - begin > 1) {
      order.subarray(begin, end).sort((a, b) => height[b] - height[a] || parentRank(a) - parentRank(b) || a - b);
    }
    for (let place = begin; place < end; place++) rank[order[place]] = place;
  }
  return { order, rank, depthOffsets };
}
