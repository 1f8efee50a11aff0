import type { GruConfig } from "@kshot/gru-layout";
import type { LiveForest } from "./encode-forest.js";

/** Sizes, in floats, of the parts of a workgroup's `work`; the same as in wgsl/forest.ts. */
export class MemoryPlan {
  /** A vector without its embedding. */
  readonly rest: number;
  /** Transposed copies of one vector's recurrent weights. */
  readonly transposed: number;
  readonly embeddingDim: number;

  constructor(private readonly config: GruConfig) {
    const { nItems, embeddingDim, hiddenDim, numLayers } = config;
    const matrices = 3 * hiddenDim * (embeddingDim + hiddenDim + (numLayers - 1) * 2 * hiddenDim);
    this.embeddingDim = embeddingDim;
    this.transposed = matrices;
    this.rest = matrices + numLayers * 6 * hiddenDim + nItems * (hiddenDim + 1);
  }

  /** A vector with `rows` embedding rows. */
  vector(rows: number): number {
    return rows * this.embeddingDim + this.rest;
  }

  /** The activations of a pass for the Hessian-vector product. */
  activations({ items, labels }: LiveForest): number {
    return this.scoresBegin(items.length) + labels.length * (2 * this.config.nItems + this.config.hiddenDim);
  }

  /** Offset of the logits [pairs, items] of a forward pass among its activations. */
  scoresBegin(nodes: number): number {
    const { embeddingDim, hiddenDim, numLayers } = this.config;
    return nodes * (embeddingDim + numLayers * 13 * hiddenDim);
  }

  /** Scratch memory of a gradient; with `tangents`, of a Hessian-vector product. */
  scratch({ items, labels }: LiveForest, tangents: boolean): number {
    const { nItems, embeddingDim, hiddenDim, numLayers } = this.config;
    const [nodes, pairs] = [items.length, labels.length];
    const plain = nodes * (7 * hiddenDim + embeddingDim) + pairs * hiddenDim;
    if (!tangents) return plain;
    return plain + nodes * (embeddingDim + numLayers * 7 * hiddenDim) + pairs * (hiddenDim + nItems);
  }
}
