import type { Answer, History, HistoryOptions, RankOptions } from "@kshot/recommend";

/** One request's work, as it goes to a thread. */
export interface Job {
  readonly id: number;
  readonly model: string;
  readonly histories: readonly History[];
  readonly options: HistoryOptions & RankOptions;
}

/** What comes back: answers, or an error whose class does not survive the way between threads. */
export type JobResult =
  | { readonly id: number; readonly answers: readonly Answer[] }
  | { readonly id: number; readonly error: { readonly code: string; readonly message: string } };

/** What a thread is told. */
export interface ThreadStart {
  readonly models: readonly {
    readonly name: string;
    readonly bytes: Uint8Array;
    readonly alpha: Uint8Array | undefined;
  }[];
}

/** What a thread says. */
export type ThreadMessage =
  | { readonly type: "ready" }
  | { readonly type: "failed"; readonly code: string; readonly message: string }
  | { readonly type: "results"; readonly results: readonly JobResult[] };
