import type { MetaGradient, MetaGradientOptions } from "./meta-gradient.js";
import type { Optimiser } from "./optimiser.js";
import type { Mask, Pairs } from "./pairs.js";
import type { ResidentStart, ResidentTraining } from "./resident-training.js";
import type { TaskGroups } from "./task-groups.js";
import type { Batch, Task } from "./tasks.js";
import type { ParameterLayout, ParameterVector } from "./vector.js";

/** Losses and gradients, one per batch, in the order of the batches. */
export interface Gradients {
  /** Mean loss of each batch. */
  readonly losses: readonly number[];
  /** ∇loss at that batch's θ; freshly allocated, owned by the caller. */
  readonly gradients: readonly ParameterVector[];
}

/** Scores of all items for each example of a batch: row-major `[rows, columns]`. */
export interface Logits {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array | Float64Array;
}

/** Options of fused gradient steps. */
export interface FusedStepOptions {
  /** As in `MetaGradientOptions`. */
  readonly innerClip?: number;
}

/** Options of a batch. */
export interface BatchOptions {
  /** Overrides the engine's own mask; evaluation without adaptation always reads the carried state. */
  readonly mask?: Mask;
  /** Dropout on the state that the output layer reads; if omitted, none. */
  readonly stateDropout?: StateDropout;
  /**
   * Fixed numbers that the loss adds to the scores: CE(softmax(scores + offsets)), `[examples, items]` row-major, finite. They are
   * constants, so gradients, products and steps are those of that loss. `logits` and `adaptedLogits` return the scores without
   * them. If omitted, none. The values are copied.
   */
  readonly offsets?: Float32Array;
}

/**
 * Inverted dropout on the hidden state before the output layer: h ← h∘kept / (1 − rate), in loss, gradient, product and logits.
 *
 * The mask is data that the caller draws from a seed, so every engine computes the same and a call can be repeated. Srivastava et
 * al. 2014; `torch.nn.Dropout` on the output of `nn.GRU`.
 */
export interface StateDropout {
  /** Probability that a unit was dropped, 0 ≤ rate < 1. */
  readonly rate: number;
  /** 1 for each unit that is kept, 0 for each that is dropped. `[examples, hiddenDim]` */
  readonly kept: Uint8Array;
}

/**
 * A differentiable model, as the learner (`@kshot/meta-sgd`) uses it.
 *
 * All calls are asynchronous and no reference to an argument is kept after they settle. Arguments are never written to,
 * except for `MetaGradientOptions.spare`.
 * `Examples` is the type of a batch's examples: `Pairs` for the GRU engines, any type for another model.
 */
export interface Engine<Examples = Pairs> {
  /** The name and backend, for manifests: `{ name: "tensor", backend: "wasm" }`. */
  readonly description: EngineDescription;
  readonly layout: ParameterLayout;

  /** A zeroed vector of `layout.size` values in the engine's memory; the caller owns it. */
  vector(): ParameterVector;

  /** Whether `batch` accepts `offsets`. If not true, a batch with them is a `USAGE` error. */
  readonly takesOffsets?: boolean;

  /**
   * Prepares examples.
   *
   * @throws a `KshotError` for no examples, an item outside the vocabulary, or an option that the engine does not have
   */
  batch(examples: Examples, options?: BatchOptions): Batch;

  /** Prepares one learner's support and query examples. */
  task(support: Examples, query: Examples): Task;

  /**
   * Losses and gradients of many batches at once; `batches[i]` is evaluated at `thetas[i]`.
   *
   * @param spare vectors that the caller no longer needs and that this call does not read: an engine may return them as the gradients
   */
  gradients(
    thetas: readonly ParameterVector[],
    batches: readonly Batch[],
    spare?: readonly ParameterVector[],
  ): Promise<Gradients>;

  /** H(θ_i) u_i for many batches at once, H the Hessian of batch i's mean loss. */
  hessianVectorProducts(
    thetas: readonly ParameterVector[],
    batches: readonly Batch[],
    directions: readonly ParameterVector[],
  ): Promise<readonly ParameterVector[]>;

  /** Scores of many batches at once, without gradients; `thetas[i]` for `batches[i]`. */
  logits(thetas: readonly ParameterVector[], batches: readonly Batch[]): Promise<readonly Logits[]>;

  /** Whether `metaGradient`, `adapt`, `adaptInTurn` and `adaptedLogits` accept `innerClip`. If not true, the learner clips in its own recursion. */
  readonly clipsInnerGradients?: boolean;

  /** A fused meta-gradient, which is faster; tests compare it with meta-sgd's recursion. */
  metaGradient?(
    theta: ParameterVector,
    alpha: ParameterVector,
    tasks: readonly Task[],
    options: MetaGradientOptions,
  ): Promise<MetaGradient>;

  /** The sums of which `metaGradient` consists, for an engine that can share a meta-gradient with other processes. */
  readonly taskGroups?: TaskGroups;

  /** Fused gradient steps, which are faster: `steps` times θ ← θ − α∘∇L on each batch, from one θ; equal to meta-sgd's `adapt`. */
  adapt?(
    theta: ParameterVector,
    alpha: ParameterVector,
    batches: readonly Batch[],
    steps: number,
    options?: FusedStepOptions,
  ): Promise<readonly ParameterVector[]>;

  /**
   * Fused gradient steps on minibatches in turn, which are faster: step k of entry i, from 0, is on `turns[i][k mod turns[i].length]`, all
   * from one θ; equal to one `adapt` of one step after the other.
   */
  adaptInTurn?(
    theta: ParameterVector,
    alpha: ParameterVector,
    turns: readonly (readonly Batch[])[],
    steps: number,
    options?: FusedStepOptions,
  ): Promise<readonly ParameterVector[]>;

  /**
   * Fused evaluation, which is faster: `result[i][b]` are the scores of `queries[i][b]` after `steps[i]` steps of `adapt` on
   * `supports[b]`; `steps` ascending. Equal to `adapt` and `logits` one after the other.
   */
  adaptedLogits?(
    theta: ParameterVector,
    alpha: ParameterVector,
    supports: readonly Batch[],
    queries: readonly (readonly Batch[])[],
    steps: readonly number[],
    options?: FusedStepOptions,
  ): Promise<readonly (readonly Logits[])[]>;

  /** Adam on vectors in the engine's memory, which is faster; equal to meta-sgd's `adam` to the bit. */
  readonly optimiser?: Optimiser;

  /** Meta-training in the engine's memory, which is faster. The start's vectors are copied. */
  residentTraining?(start: ResidentStart): Promise<ResidentTraining>;

  /** Frees the engine's memory. A later call is an error. */
  dispose(): void;
}

/** Which engine computed a result; under `volatile` in results. */
export interface EngineDescription {
  /** `tensor`, `simd` or `gpu`. */
  readonly name: string;
  /** TensorFlow.js backend (`cpu`, `wasm`, `tensorflow`), WebAssembly build (`simd`, `relaxed-simd`) or WebGPU adapter. */
  readonly backend: string;
  readonly workers: number;
}
