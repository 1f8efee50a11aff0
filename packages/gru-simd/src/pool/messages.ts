import type { KshotErrorCode, KshotErrorParts } from "@kshot/contract";
import type { GruConfig } from "@kshot/gru-layout";

/** What a worker is started with. */
export interface WorkerStart {
  readonly module: WebAssembly.Module;
  readonly config: GruConfig;
  /** Its number: 0, 1, … */
  readonly worker: number;
}

/** What a worker answers when it finds no more units, or a unit failed. */
export interface WorkerAnswer {
  readonly failure?: { readonly at: number; readonly code: KshotErrorCode; readonly parts: KshotErrorParts };
}
