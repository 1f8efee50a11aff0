import type { AdamStep, ParameterVector } from "@kshot/contract";

export type WorkKind =
  | "adam"
  | "gradients"
  | "hessianVectorProducts"
  | "logits"
  | "adapt"
  | "adaptInTurn"
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
  /** Result vectors, whose embedding is zero at the start. A meta-gradient that is not ordered has two per unit: the sums of that group. */
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

/** A place, in memory that threads share, for the result of one unit until it is added. Its embedding rows are zero while it is free. */
export interface Slot {
  /** One per shared output that a unit adds to. */
  readonly vectors: readonly Float32Array[];
  readonly loss: Float64Array;
  /** The number of the unit that it holds, plus 1; 0 while it is free. */
  readonly unit: Int32Array;
}

/** Orders the units' additions: directly if one kernel computes all units, by shared counters if several do. */
export interface Schedule {
  /** Whether one kernel computes all units, in order: then it sums the parts of a batch in its memory. */
  readonly alone: boolean;
  /** Calls `add` when every unit before `unit` has added; or `keep` now, and some thread adds it later by `UnitExecutor.addKept`. */
  inTurn(unit: number, result: { readonly add: () => void; readonly keep: (slot: Slot) => void }): void;
  /** Records which batch or task is being computed, for the message if the worker dies. */
  at(index: number): void;
}
