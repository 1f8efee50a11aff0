import type { ParameterVector } from "@kshot/contract";

export type WorkKind = "gradients" | "hessianVectorProducts" | "logits" | "adapt" | "adaptedLogits" | "metaGradient";

/** One call of the engine, cut into units that any worker can take. */
export interface Work {
  readonly kind: WorkKind;
  /** What each unit computes, as numbers: see `perform`. */
  readonly units: readonly Int32Array[];
  /** What goes in; units name them by number. */
  readonly vectors: readonly ParameterVector[];
  /** What comes out; zero at the start. */
  readonly outputs: readonly Float32Array[];
  /** Losses by batch or task. */
  readonly losses: Float64Array;
  /** Inner steps, and the order of the meta-gradient. */
  readonly steps: number;
  readonly order: 1 | 2;
  /** Units add to shared outputs and do so in order, whoever computes them. */
  readonly ordered: boolean;
}

/** How units meet: at once where one kernel does them all, by shared counters where several do. */
export interface Schedule {
  /** Runs `add` when every unit before `unit` has added. */
  inTurn(unit: number, add: () => void): void;
  /** Says which batch or task is being computed, for the message if it never ends. */
  at(index: number): void;
}
