import type { Readout } from "@kshot/contract";
import type { PrefixForest } from "@kshot/gru-layout";

/** Numbers before the lists of an encoded forest: nodes, depths, pairs, rows, divisor. */
export const headerWords = 5;

/**
 * A prefix forest as the kernels read it: [nodes, depths, pairs, rows, divisor, row…, parent…, first node of each depth and the end…,
 * leaf…, label…, item of each row…].
 *
 * `rows` numbers the items that occur, in order of appearance. Read the notebook's way, a history shorter than `maxSeqLen` has
 * leaf −1 (a zero state), and nodes that lead to no other leaf are left out. `divisor`: the pairs of the whole batch.
 */
export function encodeForest(
  forest: PrefixForest,
  { readout, maxSeqLen, divisor }: { readout: Readout; maxSeqLen: number; divisor: number },
): Int32Array {
  const { items, parents, depthOffsets, labels, length } = forest;
  const leaf = forest.leaf.map((node, pair) => (readout === "notebook" && length[pair] < maxSeqLen ? -1 : node));
  const live = new Uint8Array(items.length);
  for (const node of leaf) if (node >= 0) live[node] = 1;
  for (let node = items.length - 1; node >= 0; node--) if (live[node] && parents[node] >= 0) live[parents[node]] = 1;

  const rowOf = new Map<number, number>();
  const place = new Int32Array(items.length);
  const row = new Int32Array(items.length);
  const parent = new Int32Array(items.length);
  const depthBegin: number[] = [];
  let nodes = 0;
  for (let depth = 0; depth + 1 < depthOffsets.length; depth++) {
    const begin = nodes;
    for (let node = depthOffsets[depth]; node < depthOffsets[depth + 1]; node++) {
      if (!live[node]) continue;
      let itemRow = rowOf.get(items[node]);
      if (itemRow === undefined) rowOf.set(items[node], (itemRow = rowOf.size));
      row[nodes] = itemRow;
      parent[nodes] = parents[node] < 0 ? -1 : place[parents[node]];
      place[node] = nodes++;
    }
    if (nodes > begin) depthBegin.push(begin);
  }
  const pairs = labels.length;
  const encoded = new Int32Array(headerWords + 2 * nodes + depthBegin.length + 1 + 2 * pairs + rowOf.size);
  let end = 0;
  const write = (words: ArrayLike<number>) => {
    encoded.set(words, end);
    end += words.length;
  };
  write([nodes, depthBegin.length, pairs, rowOf.size, divisor]);
  write(row.subarray(0, nodes));
  write(parent.subarray(0, nodes));
  write(depthBegin);
  write([nodes]);
  write(leaf.map((node) => (node < 0 ? -1 : place[node])));
  write(labels);
  for (const item of rowOf.keys()) encoded[end++] = item;
  return encoded;
}

/** Items of an encoded forest's embedding rows. */
export function rowItems(encoded: Int32Array): Int32Array {
  return encoded.subarray(encoded.length - encoded[3]);
}
