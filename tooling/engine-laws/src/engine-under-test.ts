import type { Engine, Mask, Pairs } from "@kshot/contract";
import type { GruConfig } from "@kshot/gru-layout";

/** Makes the engine that the laws examine. The laws dispose of what they open. */
export type OpenEngine = (config: GruConfig, options?: { readonly mask?: Mask }) => Promise<Engine<Pairs>>;

/** An engine, and the laws that it must satisfy. */
export interface EngineUnderTest {
  /** Title of the tests, for example `simd, relaxed-simd build`. */
  readonly name: string;
  readonly open: OpenEngine;
  /** Numbers of layers to try; 1 and 2 by default. Golden values are tried with all. */
  readonly layers?: readonly number[];
  /** The optional methods of `Engine` that this engine must have; none by default. */
  readonly fused?: readonly ("metaGradient" | "adapt" | "adaptInTurn" | "adaptedLogits")[];
  /**
   * Largest relative error between two ways to compute one sum in float32; 3e-6 by default: about 1e-7 times the square root of the
   * number of terms.
   */
  readonly rounding?: number;
  /** Whether the fused methods take `innerClip`: the engine's `clipsInnerGradients`; false by default. */
  readonly clipsInnerGradients?: boolean;
  /** Whether the engine has an optimiser; false by default. */
  readonly optimiser?: boolean;
  /** Whether the engine trains in its own memory; false by default. */
  readonly residentTraining?: boolean;
  /** Whether the engine has groups of tasks; false by default. */
  readonly taskGroups?: boolean;
  /** Whether `batch` takes `stateDropout`; false by default, and then nothing is tested. */
  readonly stateDropout?: boolean;
  /** Whether `batch` takes `offsets`; false by default, and then a batch with them must be refused. */
  readonly offsets?: boolean;
  /** Whether a batch gives the same bits alone and together with other batches; false by default. */
  readonly sameBitsBesideOthers?: boolean;
}
