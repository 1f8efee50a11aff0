import { encodeForest, type LiveForest } from "./encode-forest.js";
import { floatBits } from "./float-bits.js";
import type { MemoryPlan } from "./memory-plan.js";
import { blockHead, operations } from "./wgsl/program.js";

/** A range of floats in a workgroup's part of `work`. */
export interface Place {
  readonly at: number;
  readonly floats: number;
}

/** The work of one workgroup: its program, its forests, and its memory. Usable in any round, at any position. */
export interface Block {
  readonly words: Int32Array;
  /** Its part of `work`. */
  readonly floats: number;
  readonly losses: number;
  /** Items of its vectors' embedding rows. */
  readonly items: Int32Array;
}

/** No operand; NONE in the kernels. */
const none = -1;
const operands = 6;

/** Writes a block: reserves memory, adds forests, and appends operations in the order of execution. */
export class BlockWriter {
  private readonly rows: number;
  private readonly rowOf = new Map<number, number>();
  private floats = 0;
  private scratch = 0;
  private losses = 0;
  private readonly lists: Int32Array[];
  private length: number;
  private readonly program: number[] = [];

  /** @param items those of the embedding rows that the block's vectors have, in order */
  constructor(
    private readonly plan: MemoryPlan,
    private readonly items: Int32Array,
  ) {
    this.rows = items.length;
    for (const [row, item] of items.entries()) this.rowOf.set(item, row);
    this.lists = [items];
    this.length = blockHead + items.length;
  }

  /** Adds a forest; rows 0 … rows − 1 get its gradient. */
  forest(forest: LiveForest, divisor: number, { rows = this.rows, tangents = false } = {}): number {
    const words = encodeForest(forest, { rowOf: (item) => this.rowOf.get(item)!, rows, divisor });
    const at = this.length;
    this.lists.push(words);
    this.length += words.length;
    this.scratch = Math.max(this.scratch, this.plan.scratch(forest, tangents));
    return at;
  }

  reserve(floats: number): number {
    const at = this.floats;
    this.floats += floats;
    return at;
  }

  vector(): number {
    return this.reserve(this.plan.vector(this.rows));
  }

  activations(forest: LiveForest): number {
    return this.reserve(this.plan.activations(forest));
  }

  /** A copy of the host's vector: source 0 (θ) or 1 (u). */
  take(to: number, source: 0 | 1): void {
    this.note(operations.take, to, source);
  }

  clear(to: number): void {
    this.note(operations.clear, to);
  }

  /** out = ∇loss at `vector`. */
  gradient(forest: number, vector: number, activations: number, out: number): void {
    this.forward(forest, vector, activations);
    this.note(operations.backward, forest, vector, activations, out, this.losses++);
  }

  /** to = from − α∘gradient; the first `moving` embedding rows move. */
  step(from: number, gradient: number, to: number, moving: number): void {
    this.note(operations.step, from, gradient, to, moving);
  }

  /** g ← g·min(1, limit/‖g‖). @returns the place of that factor */
  clip(gradient: number, moving: number, limit: number): number {
    const scale = this.reserve(1);
    this.note(operations.clip, gradient, moving, floatBits(limit), scale);
    return scale;
  }

  /** u ← the derivative of clipping applied to u; `gradient` has been clipped by the factor at `scale`. */
  throughClipping(u: number, gradient: number, moving: number, scale: number): void {
    this.note(operations.throughClipping, u, gradient, moving, scale);
  }

  /** dα = −g∘v, or dα −= g∘v; u = α∘v. */
  rates(operand: { g: number; v: number; dAlpha: number; first: boolean; u?: number; moving: number }): void {
    const { g, v, dAlpha, first, u = none, moving } = operand;
    this.note(operations.rates, g, v, dAlpha, first ? 1 : 0, u, moving);
  }

  /** out −= Hu. */
  product(forest: number, vector: number, activations: number, u: number, out: number): void {
    this.note(operations.transpose, vector, 0);
    this.note(operations.transpose, u, 1);
    this.note(operations.product, forest, vector, activations, u, out);
  }

  /** Logits only; they are at `scoresBegin` of the activations. */
  forward(forest: number, vector: number, activations: number): void {
    this.note(operations.transpose, vector, 0);
    this.note(operations.forward, forest, vector, activations);
  }

  finish(): Block {
    const scratch = this.reserve(this.scratch);
    const transposed = this.reserve(this.plan.transposed);
    const tangents = this.program.some((word, i) => i % (operands + 1) === 0 && word === operations.product);
    const transposedTangent = tangents ? this.reserve(this.plan.transposed) : transposed;
    const words = new Int32Array(this.length + this.program.length + operands + 1);
    words.set([this.rows, blockHead, scratch, transposed, transposedTangent, this.length, 0, 0]);
    let at = blockHead;
    for (const list of this.lists) {
      words.set(list, at);
      at += list.length;
    }
    words.set(this.program, at);
    return { words, floats: this.floats, losses: this.losses, items: this.items };
  }

  private note(operation: number, ...given: number[]): void {
    this.program.push(operation, ...given, ...new Array(operands - given.length).fill(0));
  }
}
