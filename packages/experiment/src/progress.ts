/** What a long piece of work says while it runs. The command line draws it; a program may ignore it. */
export type ProgressEvent =
  /** A stage begins: `Meta-SGD`, `reading data`. `total` steps when known. */
  | { readonly type: "stage"; readonly stage: string; readonly total?: number; readonly unit?: string }
  /** Step `done` of the stage's `total`, with the figures worth showing. */
  | {
      readonly type: "step";
      readonly stage: string;
      readonly done: number;
      readonly figures: Readonly<Record<string, number>>;
    }
  /** The stage is over; `text` says what came out. */
  | { readonly type: "done"; readonly stage: string; readonly text: string }
  /** Something the person should read. */
  | { readonly type: "note"; readonly text: string };

/** Receives what a long piece of work says. */
export type Progress = (event: ProgressEvent) => void;
