/** What `prepare` is asked for; the protocol is design section "From events to episodes". */
export interface PrepareOptions {
  /** Files of events, absolute paths; read in this order. */
  readonly inputs: readonly string[];
  /** Names of the columns. */
  readonly columns: { readonly user: string; readonly item: string; readonly time: string; readonly session?: string };
  /** Idle seconds that end a session; null: a person's whole history is one session. Unused with a session column. */
  readonly sessionGap: number | null;
  /** Items that a prefix keeps, its last; 0 keeps all. */
  readonly maxPrefix: number;
  /** Shares of the people for train, validation and test; they add up to 1. */
  readonly split: readonly [train: number, val: number, test: number];
  readonly k: number;
  readonly q: number;
  /** Seed of the split. */
  readonly dataSeed: number;
  /** A CSV file of titles and its two columns. */
  readonly titles?: { readonly file: string; readonly id: string; readonly name: string };
}
