import type { KshotErrorCode, KshotErrorParts } from "@kshot/contract";
import type { ProgressEvent } from "@kshot/experiment";

/** What the process of a cell is asked for. */
export interface CellRequest {
  /** Folder of the plan, absolute. */
  readonly directory: string;
  readonly cell: number;
  /** The command as typed, for results. */
  readonly command: string;
  /** The command that goes on, for the message of an interruption. */
  readonly resume: string;
  /** Threads of the engine; left out: as the plan says. Changes no number. */
  readonly threads?: number;
}

/** To the process: begin, or finish the iteration under way and end. */
export type ToCell = { readonly type: "run"; readonly request: CellRequest } | { readonly type: "stop" };

/** What came out of a cell. */
export interface CellOutcome {
  /** Hash of the output without `volatile`. */
  readonly output: string;
  readonly figures: Readonly<Record<string, number>>;
}

/** From the process. */
export type FromCell =
  | { readonly type: "progress"; readonly event: ProgressEvent }
  | { readonly type: "done"; readonly outcome: CellOutcome }
  | {
      readonly type: "failed";
      readonly code: KshotErrorCode;
      readonly parts: KshotErrorParts;
      /** Whether it is this machine that cannot go on: its disk is full, its files are too many. */
      readonly machine: boolean;
    };
