import type { Answer, History, HistoryOptions, RankOptions } from "@kshot/recommend";

/** The work of one request, as sent to a thread. */
export interface Job {
  readonly id: number;
  readonly model: string;
  readonly histories: readonly History[];
  readonly options: HistoryOptions & RankOptions;
}

/** The result: answers, or an error. The class of an error is lost between threads. */
export type JobResult =
  | { readonly id: number; readonly answers: readonly Answer[] }
  | { readonly id: number; readonly error: { readonly code: string; readonly message: string } };

/** A message to a thread. */
export interface ThreadStart {
  readonly models: readonly {
    readonly name: string;
    readonly bytes: Uint8Array;
    readonly alpha: Uint8Array | undefined;
  }[];
}

/** A message from a thread. */
export type ThreadMessage =
  | { readonly type: "ready" }
  | { readonly type: "failed"; readonly code: string; readonly message: string }
  | { readonly type: "results"; readonly results: readonly JobResult[] };
