import type { Mask, StateDropout } from "@kshot/contract";
import type { PrefixForest } from "@kshot/gru-layout";

/** Numbers before the lists of an encoded forest: nodes, depths, pairs, rows, divisor, bits of the dropout scale, place of the offsets. */
export const headerWords = 7;

/** While a forest is encoded, the row of each item plus 1; zero otherwise. Faster than a map. */
let rowOf = new Int32Array(0);

/**
 * A prefix forest as the kernels read it: [nodes, depths, pairs, rows, divisor, dropout scale, place of the offsets, row…, parent…, first
 * node of each depth and the end…, leaf…, label…, dropout mask…, offsets…, item of each row…].
 *
 * `rows` numbers the distinct items in order of appearance. With the mask `notebook`, a history shorter than `maxSeqLen` has
 * leaf −1 (a zero state), and nodes that lead to no other leaf are left out. `divisor`: the pairs of the whole batch. The
 * dropout scale is 1/(1 − rate) as a float's bits, or 0 for no dropout; its mask has one bit per unit, ⌈hidden/32⌉ words per pair.
 * The offsets are floats' bits, `[pairs, items]`; their place is counted in words from the first number, 0 for none.
 */
export function encodeForest(
  forest: PrefixForest,
  {
    mask,
    maxSeqLen,
    nItems,
    divisor,
    stateDropout,
    offsets = new Float32Array(0),
  }: {
    mask: Mask;
    maxSeqLen: number;
    nItems: number;
    divisor: number;
    stateDropout?: StateDropout;
    offsets?: Float32Array;
  },
): Int32Array {
  const { items, parents, depthOffsets, labels, length } = forest;
  const leaf = forest.leaf.slice();
  const live = new Uint8Array(items.length);
  for (let pair = 0; pair < leaf.length; pair++) {
    if (mask === "notebook" && length[pair] < maxSeqLen) leaf[pair] = -1;
    else live[leaf[pair]] = 1;
  }
  for (let node = items.length - 1; node >= 0; node--) if (live[node] && parents[node] >= 0) live[parents[node]] = 1;

  if (rowOf.length < nItems) rowOf = new Int32Array(nItems);
  const rowItems: number[] = [];
  const place = new Int32Array(items.length);
  const row = new Int32Array(items.length);
  const parent = new Int32Array(items.length);
  const depthBegin: number[] = [];
  let nodes = 0;
  for (let depth = 0; depth + 1 < depthOffsets.length; depth++) {
    const begin = nodes;
    for (let node = depthOffsets[depth]; node < depthOffsets[depth + 1]; node++) {
      if (!live[node]) continue;
      const item = items[node];
      row[nodes] = (rowOf[item] ||= rowItems.push(item)) - 1;
      parent[nodes] = parents[node] < 0 ? -1 : place[parents[node]];
      place[node] = nodes++;
    }
    if (nodes > begin) depthBegin.push(begin);
  }
  for (const item of rowItems) rowOf[item] = 0;
  const pairs = labels.length;
  const keptUnits = stateDropout === undefined ? new Int32Array(0) : maskBits(stateDropout.kept, pairs);
  const offsetsAt = headerWords + 2 * nodes + depthBegin.length + 1 + 2 * pairs + keptUnits.length;
  const encoded = new Int32Array(offsetsAt + offsets.length + rowItems.length);
  let end = 0;
  const write = (words: ArrayLike<number>) => {
    encoded.set(words, end);
    end += words.length;
  };
  write([
    nodes,
    depthBegin.length,
    pairs,
    rowItems.length,
    divisor,
    stateDropout ? floatBits(1 / (1 - stateDropout.rate)) : 0,
    offsets.length === 0 ? 0 : offsetsAt,
  ]);
  write(row.subarray(0, nodes));
  write(parent.subarray(0, nodes));
  write(depthBegin);
  write([nodes]);
  for (const node of leaf) encoded[end++] = node < 0 ? -1 : place[node];
  write(labels);
  write(keptUnits);
  write(new Int32Array(offsets.buffer, offsets.byteOffset, offsets.length));
  write(rowItems);
  return encoded;
}

/** One bit per unit, the first unit lowest. Without branches, which would be unpredictable. */
function maskBits(kept: Uint8Array, pairs: number): Int32Array {
  const hidden = kept.length / pairs;
  const bits = new Int32Array(pairs * Math.ceil(hidden / 32));
  let at = 0;
  let word = 0;
  for (let pair = 0; pair < pairs; pair++) {
    for (let first = 0; first < hidden; first += 32) {
      const most = Math.min(32, hidden - first);
      // The sign bit of −kept: 0 if the unit is dropped.
      for (let unit = 0; unit < most; unit++) bits[word] |= (-kept[at++] >>> 31) << unit;
      word += 1;
    }
  }
  return bits;
}

function floatBits(value: number): number {
  return new Int32Array(Float32Array.of(value).buffer)[0];
}

/** The offsets of an encoded forest, `[pairs, items]`; none: empty. Not copied. */
export function offsetsOf(encoded: Int32Array): Float32Array {
  const begin = encoded[6];
  const end = begin === 0 ? 0 : encoded.length - encoded[3];
  return new Float32Array(encoded.buffer, encoded.byteOffset + 4 * begin, end - begin);
}

/** Items of an encoded forest's embedding rows. */
export function rowItems(encoded: Int32Array): Int32Array {
  return encoded.subarray(encoded.length - encoded[3]);
}
