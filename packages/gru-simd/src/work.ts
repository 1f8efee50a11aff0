import type { AdamStep, ParameterVector } from "@kshot/contract";

export type WorkKind =
  | "adam"
  | "gradients"
  | "hessianVectorProducts"
  | "logits"
  | "adapt"
  | "adaptedLogits"
  | "metaGradient";

/** A step of Adam on one trained vector. */
export interface AdamWork {
  readonly id: number;
  readonly memory: WebAssembly.Memory;
  readonly padded: number;
  readonly step: AdamStep;
}

/** One call of the engine, split into units that any worker can take. */
export interface Work {
  readonly kind: WorkKind;
  /** The work of each unit, as numbers: see `UnitExecutor`. */
  readonly units: readonly Int32Array[];
  /** Input vectors; units refer to them by number. */
  readonly vectors: readonly ParameterVector[];
  /** For `adam`: the vector and the step; units are ranges [begin, end). */
  readonly adam?: AdamWork;
  /** Result vectors; zero at the start. A meta-gradient that is not ordered has two per unit: the sums of that group. */
  readonly outputs: readonly Float32Array[];
  /** Losses by batch or task. */
  readonly losses: Float64Array;
  /** Inner steps, and the order of the meta-gradient. */
  readonly steps: number;
  readonly order: 1 | 2;
  /** Largest norm of an inner gradient; 0: no limit. */
  readonly clip: number;
  /** Whether units add to shared outputs, in the order of units. */
  readonly ordered: boolean;
}

/** Orders the units' additions: directly if one kernel computes all units, by shared counters if several do. */
export interface Schedule {
  /** Runs `add` when every unit before `unit` has added. */
  inTurn(unit: number, add: () => void): void;
  /** Records which batch or task is being computed, for the message if the worker dies. */
  at(index: number): void;
}
