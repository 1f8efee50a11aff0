import type { GruConfig } from "@kshot/gru-layout";
import type { Lane } from "./lane.js";

/** Larger chunks are not faster: with this size the overhead per operation is small. */
const mostLanes = 32;
/** Approximate limit of the values in one chunk's graph: 128 Mi values are 512 MiB. */
const mostValues = 128 * 1024 * 1024;
/** Padding at most doubles the nodes. */
const mostPadding = 2;

/**
 * Groups lanes of similar shapes to run together. Padding and memory are bounded for any number of lanes.
 */
export function chunksOf(lanes: readonly Lane[], config: GruConfig): number[][] {
  const depths = (lane: number) => lanes[lane].forest.depthOffsets.length - 1;
  const nodes = (lane: number) => lanes[lane].forest.items.length;
  const order = Array.from(lanes.keys()).sort((a, b) => depths(a) - depths(b) || nodes(a) - nodes(b) || a - b);
  const chunks: number[][] = [];
  let chunk: number[] = [];
  let shape = new Shape();
  for (const lane of order) {
    const grown = shape.with(lanes[lane]);
    if (chunk.length > 0 && (chunk.length === mostLanes || grown.tooLarge(config) || grown.tooMuchPadding())) {
      chunks.push(chunk);
      chunk = [];
      shape = new Shape();
    }
    chunk.push(lane);
    shape = shape.with(lanes[lane]);
  }
  if (chunk.length > 0) chunks.push(chunk);
  return chunks;
}

/** Sizes of a chunk's common forest as lanes join it. */
class Shape {
  constructor(
    private readonly lanes = 0,
    private readonly levels: readonly number[] = [],
    private readonly slots = 0,
    private readonly realNodes = 0,
  ) {}

  with({ forest }: Lane): Shape {
    const { depthOffsets, items, leaf } = forest;
    const depths = Math.max(this.levels.length, depthOffsets.length - 1);
    const levels = Array.from({ length: depths }, (_, depth) =>
      Math.max(this.levels[depth] ?? 0, depthOffsets[depth + 1] - depthOffsets[depth] || 0),
    );
    return new Shape(this.lanes + 1, levels, Math.max(this.slots, leaf.length), this.realNodes + items.length);
  }

  tooMuchPadding(): boolean {
    return this.lanes * this.nodes() > mostPadding * this.realNodes;
  }

  tooLarge({ nItems, embeddingDim, hiddenDim, numLayers }: GruConfig): boolean {
    // A second-order graph keeps each depth's share of the recurrent weights' gradient, some 40 values per node and unit,
    // and the logits a few times over.
    const weights = 3 * hiddenDim * hiddenDim * numLayers * (this.levels.length + 4) + 4 * nItems * hiddenDim;
    const states = this.nodes() * (4 * embeddingDim + 40 * hiddenDim * numLayers);
    return this.lanes * (weights + states + 12 * this.slots * nItems) > mostValues;
  }

  private nodes(): number {
    return this.levels.reduce((sum, size) => sum + size, 0);
  }
}
