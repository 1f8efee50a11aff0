import type { Lane } from "./lane.js";
import { type Rows, rowsOf } from "./rows.js";

/**
 * One forest shape that holds several lanes: per depth as many nodes, and as many leaves to read, as the largest lane has.
 *
 * A smaller lane is padded: with nodes that have no item and that no leaf reads, and with slots of weight 0. Plain arrays.
 */
export interface Plan {
  readonly lanes: number;
  /** Number of nodes N of every lane. */
  readonly nodes: number;
  /** Nodes of depth d are `depthOffsets[d] … depthOffsets[d + 1] − 1` in every lane. */
  readonly depthOffsets: readonly number[];
  /** Item of each node; −1 for padding. `[lanes, nodes]` */
  readonly items: Int32Array;
  /** `parents[d]`: for each node of depth d its parent among the nodes of depth d − 1. `parents[0]` is not used. */
  readonly parents: readonly Rows[];
  /** `reads[d]`: the nodes of depth d whose state is read; null if no lane reads any. */
  readonly reads: readonly (Rows | null)[];
  /** Number of slots R of every lane: the states read, by depth. */
  readonly slots: number;
  /** `slotOf[lane][pair]`: the slot of a pair's state, logits and loss. */
  readonly slotOf: readonly Int32Array[];
  /** Label of each slot; 0 for padding. `[lanes, slots]` */
  readonly labels: Int32Array;
  /** 1/B for each pair of a lane with B pairs, 0 for padding. `[lanes, slots]` */
  readonly weights: Float32Array;
  /** Factor of the state where it is read: 0 for a state that is read as zero, 0 or 1/(1 − rate) for dropout, 1 elsewhere; null: 1 everywhere. `[lanes, slots, factorWidth]` */
  readonly stateFactor: Float32Array | null;
  /** 1, or the state's width where there is dropout. */
  readonly factorWidth: number;
  /** Fixed numbers that the loss adds to the scores, 0 elsewhere; null: none. `[lanes, slots, nItems]` */
  readonly offsets: Float32Array | null;
  /** Items of each slot in `offsets`; 0 without them. */
  readonly offsetWidth: number;
}

/** Fits lanes into one plan. */
export function planLanes(lanes: readonly Lane[]): Plan {
  const depths = Math.max(...lanes.map(({ forest }) => forest.depthOffsets.length - 1));
  const depthOffsets = [0];
  const parents: Rows[] = [];
  const reads: (Rows | null)[] = [];
  const slotOf = lanes.map(({ forest }) => new Int32Array(forest.leaf.length));
  const leaves = lanes.map(({ forest }) => leavesByDepth(forest.leaf, forest.length, depths));
  let slots = 0;
  for (let depth = 0; depth < depths; depth++) {
    const levels = lanes.map(({ forest }) => level(forest.depthOffsets, depth));
    const size = Math.max(...levels.map(({ begin, end }) => end - begin));
    const above = depth === 0 ? 0 : depthOffsets[depth] - depthOffsets[depth - 1];
    const parentsInLevel = lanes.map(({ forest }, lane) => {
      if (depth === 0) return new Int32Array(0);
      const { begin: aboveBegin } = level(forest.depthOffsets, depth - 1);
      const { begin, end } = levels[lane];
      return forest.parents.slice(begin, end).map((parent) => parent - aboveBegin);
    });
    parents.push(rowsOf(parentsInLevel, size, above));
    const count = Math.max(...leaves.map((byDepth) => byDepth[depth].length));
    const nodesRead = leaves.map((byDepth, lane) =>
      Int32Array.from(byDepth[depth], (pair) => lanes[lane].forest.leaf[pair] - levels[lane].begin),
    );
    reads.push(count === 0 ? null : rowsOf(nodesRead, count, size));
    for (const [lane, byDepth] of leaves.entries()) {
      for (const [i, pair] of byDepth[depth].entries()) slotOf[lane][pair] = slots + i;
    }
    slots += count;
    depthOffsets.push(depthOffsets[depth] + size);
  }
  const nodes = depthOffsets[depths];
  const items = new Int32Array(lanes.length * nodes).fill(-1);
  for (const [lane, { forest }] of lanes.entries()) {
    for (let depth = 0; depth < depths; depth++) {
      const { begin, end } = level(forest.depthOffsets, depth);
      items.set(forest.items.subarray(begin, end), lane * nodes + depthOffsets[depth]);
    }
  }
  return {
    lanes: lanes.length,
    nodes,
    depthOffsets,
    items,
    parents,
    reads,
    slots,
    slotOf,
    ...slotValues(lanes, slotOf, slots),
  };
}

function slotValues(lanes: readonly Lane[], slotOf: readonly Int32Array[], slots: number) {
  const labels = new Int32Array(lanes.length * slots);
  const weights = new Float32Array(lanes.length * slots);
  const dropped = lanes.find(({ stateDropout }) => stateDropout !== null);
  const factorWidth = dropped ? dropped.stateDropout!.kept.length / dropped.forest.leaf.length : 1;
  const stateFactor =
    dropped || lanes.some(({ masked }) => masked !== null)
      ? new Float32Array(lanes.length * slots * factorWidth).fill(1)
      : null;
  const shifted = lanes.find(({ offsets }) => offsets !== null);
  const offsetWidth = shifted ? shifted.offsets!.length / shifted.forest.leaf.length : 0;
  const offsets = shifted ? new Float32Array(lanes.length * slots * offsetWidth) : null;
  for (const [lane, { forest, masked, stateDropout, offsets: own }] of lanes.entries()) {
    const pairs = forest.leaf.length;
    for (let pair = 0; pair < pairs; pair++) {
      const slot = lane * slots + slotOf[lane][pair];
      labels[slot] = forest.labels[pair];
      weights[slot] = 1 / pairs;
      const factors = stateFactor?.subarray(slot * factorWidth, (slot + 1) * factorWidth);
      if (stateDropout !== null) {
        const scale = 1 / (1 - stateDropout.rate);
        factors?.set(stateDropout.kept.subarray(pair * factorWidth, (pair + 1) * factorWidth));
        factors?.forEach((kept, unit) => {
          factors[unit] = kept * scale;
        });
      }
      if (masked?.[pair] === 1) factors?.fill(0);
      if (own !== null) offsets?.set(own.subarray(pair * offsetWidth, (pair + 1) * offsetWidth), slot * offsetWidth);
    }
  }
  return { labels, weights, stateFactor, factorWidth, offsets, offsetWidth };
}

/** Nodes of one depth: none below the deepest of a forest. */
function level(depthOffsets: Int32Array, depth: number): { begin: number; end: number } {
  const last = depthOffsets.length - 1;
  return { begin: depthOffsets[Math.min(depth, last)], end: depthOffsets[Math.min(depth + 1, last)] };
}

/** Pairs by the depth of their leaf, in the order of the leaves, so that neighbours can be read as one run. */
function leavesByDepth(leaf: Int32Array, length: Int32Array, depths: number): number[][] {
  const byDepth: number[][] = Array.from({ length: depths }, () => []);
  for (let pair = 0; pair < leaf.length; pair++) byDepth[length[pair] - 1].push(pair);
  for (const pairs of byDepth) pairs.sort((a, b) => leaf[a] - leaf[b] || a - b);
  return byDepth;
}
