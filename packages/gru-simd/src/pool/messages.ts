import type { KshotErrorCode, KshotErrorParts } from "@kshot/contract";
import type { GruConfig } from "@kshot/gru-layout";

/** The first message to a worker. Every later one is a `SharedWork`. */
export interface WorkerStart {
  readonly module: WebAssembly.Module;
  readonly optimiser: WebAssembly.Module | undefined;
  readonly config: GruConfig;
  /** Its number: 0, 1, … */
  readonly worker: number;
}

/** A worker's answer: after its start, that its script is loaded; after a call, that no units are left or that a unit failed. */
export interface WorkerAnswer {
  readonly loaded?: true;
  /** The call that it answers. */
  readonly call?: number;
  readonly failure?: { readonly at: number; readonly code: KshotErrorCode; readonly parts: KshotErrorParts };
}
