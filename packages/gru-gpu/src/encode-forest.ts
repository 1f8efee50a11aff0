import type { Mask, StateDropout } from "@kshot/contract";
import type { PrefixForest } from "@kshot/gru-layout";
import { floatBits } from "./float-bits.js";

/** The nodes of a prefix forest that lead to a leaf that is read, and the pairs that read them. */
export interface LiveForest {
  /** Item of each node, nodes sorted by depth. `[nodes]` */
  readonly items: Int32Array;
  /** −1 at a root. `[nodes]` */
  readonly parents: Int32Array;
  /** First node of each depth, and the end; [0, 0] where there is no node. `[depths + 1]` */
  readonly depthBegin: Int32Array;
  readonly depths: number;
  /** −1: the pair reads a zero state. `[pairs]` */
  readonly leaf: Int32Array;
  readonly labels: Int32Array;
  /** Dropout on the states that pairs read. */
  readonly dropout: ForestDropout | undefined;
}

interface ForestDropout {
  /** 1/(1 − rate). */
  readonly scale: number;
  /** One bit a unit, ⌈H/32⌉ words a pair. */
  readonly mask: Int32Array;
}

/** With the mask `notebook`, a history shorter than `maxSeqLen` has no leaf, and nodes that lead to no other leaf are left out. */
export function liveForest(
  forest: PrefixForest,
  mask: Mask,
  maxSeqLen: number,
  stateDropout?: StateDropout,
): LiveForest {
  const { items, parents, depthOffsets, labels, length } = forest;
  const leaf = forest.leaf.map((node, pair) => (mask === "notebook" && length[pair]! < maxSeqLen ? -1 : node));
  const live = new Uint8Array(items.length);
  for (const node of leaf) if (node >= 0) live[node] = 1;
  for (let node = items.length - 1; node >= 0; node--) if (live[node] && parents[node]! >= 0) live[parents[node]!] = 1;
  const place = new Int32Array(items.length).fill(-1);
  const kept: number[] = [];
  const depthBegin: number[] = [];
  for (let depth = 0; depth + 1 < depthOffsets.length; depth++) {
    const begin = kept.length;
    for (let node = depthOffsets[depth]!; node < depthOffsets[depth + 1]!; node++) {
      if (live[node]) place[node] = kept.push(node) - 1;
    }
    if (kept.length > begin) depthBegin.push(begin);
  }
  const depths = depthBegin.length;
  depthBegin.push(kept.length);
  if (depths === 0) depthBegin.push(0);
  return {
    items: Int32Array.from(kept, (node) => items[node]!),
    parents: Int32Array.from(kept, (node) => (parents[node]! < 0 ? -1 : place[parents[node]!]!)),
    depthBegin: Int32Array.from(depthBegin),
    depths,
    leaf: leaf.map((node) => (node < 0 ? -1 : place[node]!)),
    labels,
    dropout: stateDropout && {
      scale: 1 / (1 - stateDropout.rate),
      mask: maskBits(stateDropout.kept, labels.length),
    },
  };
}

/** Counts and offsets of the lists at the head of an encoded forest: see `Forest` in wgsl/forest.ts. */
const headWords = 17;

/**
 * A forest as the kernels read it: [nodes, depths, pairs, rows, divisor, offset of each list…,
 * dropout's scale and offset of its mask, lists…].
 *
 * Lists: row of each node; first node of each depth and the end; children of each node; leaf and label of each pair; pairs that end
 * at each node; nodes that read each row. A list "of each" is two lists: the begin of each group and the end, then all entries.
 *
 * @param rowOf the embedding row, within the workgroup's vectors, of an item
 * @param rows rows 0 … rows − 1 get a gradient
 * @param divisor number of examples in the mean loss
 */
export function encodeForest(
  { items, parents, depthBegin, depths, leaf, labels, dropout }: LiveForest,
  { rowOf, rows, divisor }: { rowOf: (item: number) => number; rows: number; divisor: number },
): Int32Array {
  const row = Int32Array.from(items, rowOf);
  const lists = [
    row,
    depthBegin,
    ...grouped(parents, items.length),
    leaf,
    labels,
    ...grouped(leaf, items.length),
    ...grouped(row, rows),
  ];
  const words = new Int32Array(
    lists.reduce((sum, { length }) => sum + length, headWords + (dropout?.mask.length ?? 0)),
  );
  words.set([items.length, depths, labels.length, rows, divisor]);
  let end = headWords;
  for (const [i, list] of lists.entries()) {
    words[5 + i] = end;
    words.set(list, end);
    end += list.length;
  }
  if (dropout !== undefined) {
    words[15] = floatBits(dropout.scale);
    words[16] = end;
    words.set(dropout.mask, end);
  }
  return words;
}

/** Bits of `kept` [pairs, H], 32 units a word. */
function maskBits(kept: Uint8Array, pairs: number): Int32Array {
  const hidden = kept.length / pairs;
  const words = Math.ceil(hidden / 32);
  const bits = new Int32Array(pairs * words);
  for (const [i, keep] of kept.entries()) {
    const unit = i % hidden;
    if (keep !== 0) bits[Math.floor(i / hidden) * words + (unit >> 5)]! |= 1 << (unit & 31);
  }
  return bits;
}

/** The entries i of each group `groups[i]`, in order: the begin of each of `count` groups and the end, and the entries; −1 is in no group. */
function grouped(groups: Int32Array, count: number): [begin: Int32Array, entries: Int32Array] {
  const begin = new Int32Array(count + 1);
  let total = 0;
  for (const group of groups) {
    if (group < 0) continue;
    begin[group + 1]! += 1;
    total += 1;
  }
  for (let group = 0; group < count; group++) begin[group + 1]! += begin[group]!;
  const free = begin.slice();
  const entries = new Int32Array(total);
  for (const [i, group] of groups.entries()) if (group >= 0) entries[free[group]!++] = i;
  return [begin, entries];
}
