/** Progress of long work. The command line prints it; a program can ignore it. */
export type ProgressEvent =
  /** A stage begins: `Meta-SGD`, `reading data`. `total` steps when known. */
  | { readonly type: "stage"; readonly stage: string; readonly total?: number; readonly unit?: string }
  /** Step `done` of the stage's `total`, with the figures to show. */
  | {
      readonly type: "step";
      readonly stage: string;
      readonly done: number;
      readonly figures: Readonly<Record<string, number>>;
    }
  /** The stage is over; `text` is its result. */
  | { readonly type: "done"; readonly stage: string; readonly text: string }
  /** A message for the user. */
  | { readonly type: "note"; readonly text: string };

/** Receives progress events. */
export type Progress = (event: ProgressEvent) => void;
