import { allocate } from "./arena";

/** A prefix forest: nodes by depth, a node's parent one depth above it. */
@unmanaged
export class Forest {
  nodes: i32;
  depths: i32;
  /** Nodes without a parent: the first ones. */
  roots: i32;
  /** Nodes of the widest depth. */
  width: i32;
  pairs: i32;
  /** Number of distinct items; each has one row of a compact embedding. */
  rows: i32;
  /** The loss is the sum over pairs divided by this: the pairs of the whole batch. */
  divisor: i32;
  /** Dropout on the states that the output reads: 1/(1 − rate), or 0 for none. */
  dropoutScale: f32;
  /** i32 lists: embedding row and parent of each node; first node of each depth, and the end. */
  row: usize;
  parent: usize;
  depthOffset: usize;
  /** i32 lists: node and label of each pair; node −1 reads zero. */
  leaf: usize;
  label: usize;
  /** Dropout's mask: one bit per unit, ⌈hidden/32⌉ words per pair. */
  mask: usize;
  /** gi of the first layer for all items of a minibatch, and the place of each row of this forest in it; 0: computed here. */
  inputGates: usize;
  place: usize;
  /** Fixed numbers that the loss adds to the scores `[pairs, items]` without padding; 0: none. */
  offsets: usize;
}

/** Reads [nodes, depths, pairs, rows, divisor, dropoutScale, place of the offsets, row…, parent…, depthOffset…, leaf…, label…, mask…, offsets…], as the host writes it. */
export function readForest(encoded: usize): Forest {
  const f = changetype<Forest>(allocate(offsetof<Forest>()));
  f.inputGates = 0;
  f.nodes = load<i32>(encoded);
  f.depths = load<i32>(encoded, 4);
  f.pairs = load<i32>(encoded, 8);
  f.rows = load<i32>(encoded, 12);
  f.divisor = load<i32>(encoded, 16);
  f.dropoutScale = load<f32>(encoded, 20);
  const offsets = load<i32>(encoded, 24);
  f.offsets = offsets == 0 ? 0 : encoded + (usize(offsets) << 2);
  f.row = encoded + 28;
  f.parent = f.row + (usize(f.nodes) << 2);
  f.depthOffset = f.parent + (usize(f.nodes) << 2);
  f.leaf = f.depthOffset + (usize(f.depths + 1) << 2);
  f.label = f.leaf + (usize(f.pairs) << 2);
  f.mask = f.label + (usize(f.pairs) << 2);
  f.roots = f.depths > 0 ? depthBegin(f, 1) : 0;
  f.width = 0;
  for (let depth = 0; depth < f.depths; depth++) f.width = max(f.width, depthBegin(f, depth + 1) - depthBegin(f, depth));
  return f;
}

/** First node of a depth; of the number of depths: the number of nodes. */
@inline
export function depthBegin(f: Forest, depth: i32): i32 {
  return load<i32>(f.depthOffset + (usize(depth) << 2));
}
