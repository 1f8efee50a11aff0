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
  const row: number[] = [];
  const parent: number[] = [];
  const depthBegin: number[] = [];
  for (let depth = 0; depth + 1 < depthOffsets.length; depth++) {
    const begin = row.length;
    for (let node = depthOffsets[depth]; node < depthOffsets[depth + 1]; node++) {
      if (!live[node]) continue;
      let itemRow = rowOf.get(items[node]);
      if (itemRow === undefined) rowOf.set(items[node], (itemRow = rowOf.size));
      parent.push(parents[node] < 0 ? -1 : place[parents[node]]);
      place[node] = row.push(itemRow) - 1;
    }
    if (row.length > begin) depthBegin.push(begin);
  }
  const nodes = row.length;
  return Int32Array.from([
    ...[nodes, depthBegin.length, labels.length, rowOf.size, divisor],
    ...row,
    ...parent,
    ...depthBegin,
    nodes,
    ...leaf.map((node) => (node < 0 ? -1 : place[node])),
    ...labels,
    ...rowOf.keys(),
  ]);
}

/** Items of an encoded forest's embedding rows. */
export function rowItems(encoded: Int32Array): Int32Array {
  return encoded.subarray(encoded.length - encoded[3]);
}
