import type { KshotErrorCode, KshotErrorParts } from "@kshot/contract";
import type { ProgressEvent } from "@kshot/experiment";

/** The request to the process of a cell. */
export interface CellRequest {
  /** Folder of the plan, absolute. */
  readonly directory: string;
  readonly cell: number;
  /** The command as typed, for results. */
  readonly command: string;
  /** The command that continues the work, for the message of an interruption. */
  readonly resume: string;
  /** Threads of the engine; if omitted, as the plan says. Does not change results. */
  readonly threads?: number;
}

/** Messages to the process: start a cell, or finish the current iteration and end. */
export type ToCell = { readonly type: "run"; readonly request: CellRequest } | { readonly type: "stop" };

/** The result of a cell. */
export interface CellOutcome {
  /** Hash of the output without `volatile`. */
  readonly output: string;
  readonly figures: Readonly<Record<string, number>>;
}

/** Messages from the process. */
export type FromCell =
  | { readonly type: "progress"; readonly event: ProgressEvent }
  | { readonly type: "done"; readonly outcome: CellOutcome }
  | {
      readonly type: "failed";
      readonly code: KshotErrorCode;
      readonly parts: KshotErrorParts;
      /** Whether this machine cannot continue: its disk is full, or too many files are open. */
      readonly machine: boolean;
    };
