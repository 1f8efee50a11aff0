/** What `prepare` is asked for. */
export interface PrepareOptions {
  /** Files of events, read in this order: CSV, TSV, JSON lines or Parquet, by the ends of their names. */
  readonly inputs: readonly string[];
  /** Names of the columns. */
  readonly columns: { readonly user: string; readonly item: string; readonly time: string; readonly session?: string };
  /** What a number in the time column counts since 1970 (UTC); text says its time itself. Default seconds. */
  readonly timeUnit?: "s" | "ms" | "us" | "ns";
  /** Idle seconds after which a session ends; null: a person's whole history is one session. Unused with a session column. */
  readonly sessionGap: number | null;
  /** Items that a prefix keeps, its last; 0 keeps all. */
  readonly maxPrefix: number;
  /** Shares of the people for train, validation and test; they add up to 1. */
  readonly split: readonly [train: number, val: number, test: number];
  readonly k: number;
  readonly q: number;
  /** Seed of the split. */
  readonly dataSeed: number;
  /** A file of titles, of any format that events come in, and its two columns. */
  readonly titles?: { readonly file: string; readonly id: string; readonly name: string };
  /** Told as each stage begins. */
  readonly onProgress?: (progress: PrepareProgress) => void;
}

/** Stages of `prepareEvents`, in their order, with the number of what goes in. */
export type PrepareProgress =
  | { readonly stage: "read"; readonly files: number }
  | { readonly stage: "sessions"; readonly events: number }
  | { readonly stage: "pairs"; readonly people: number }
  | { readonly stage: "episodes"; readonly pairs: number };
