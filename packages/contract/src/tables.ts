import type { EventAccount } from "./schemas/data-folder.js";

/**
 * The pairs of one split as columns. Row r's prefix is `prefixItems[prefixOffsets[r] … prefixOffsets[r + 1])`, oldest
 * first; its label is the next item.
 */
export interface PairTable {
  readonly length: number;
  readonly pairId: Int32Array;
  /** Names of the people, in order of first appearance; `user` holds indices into it. */
  readonly users: readonly string[];
  readonly user: Int32Array;
  /** Names of the sessions, in order of first appearance; `session` holds indices into it. */
  readonly sessions: readonly string[];
  readonly session: Int32Array;
  /** `length + 1` offsets into `prefixItems`. */
  readonly prefixOffsets: Int32Array;
  readonly prefixItems: Int32Array;
  readonly label: Int32Array;
  /** Epoch seconds of the label; with a fraction only if the events have one. */
  readonly labelTime: Float64Array;
  /** Position of the label among the person's events; present only if it decides the order of labels with equal times. */
  readonly labelOrder?: Int32Array;
}

/**
 * Episodes of one split: K support and Q query pairs of one person each. `support` and `query` hold *row numbers* of the
 * split's `PairTable` (the file's pair ids, resolved once), `[length, k]` and `[length, q]` row-major, in label-time order.
 */
export interface EpisodeTable {
  readonly length: number;
  readonly k: number;
  readonly q: number;
  readonly episodeId: Int32Array;
  /** Index into `users` of the pair table. */
  readonly user: Int32Array;
  readonly support: Int32Array;
  readonly query: Int32Array;
  readonly supportMaxTime: Float64Array;
  readonly queryMinTime: Float64Array;
}

/** Which K + Q pairs of a person are evaluated: the first ones or the last ones. */
export type Window = "first" | "last";

/** A part of the people: for training, for choosing settings, for the final evaluation. */
export type SplitName = "train" | "val" | "test";

/** A data folder in memory, checked. */
export interface DataSet {
  /** Item names by item number: the vocabulary. */
  readonly items: readonly string[];
  /** Titles by item number, if the folder has them. */
  readonly titles?: readonly string[];
  readonly k: number;
  readonly q: number;
  readonly train: { readonly pairs: PairTable; readonly episodes: EpisodeTable };
  readonly val: EvaluationSplit;
  readonly test: EvaluationSplit;
  /** SHA-256 over vocabulary, pairs and episodes in memory: the same for any file encoding. */
  readonly fingerprint: string;
  /** The account of the input rows, if `summary.json` has it; not part of the fingerprint. */
  readonly account?: EventAccount;
}

/** A split that is evaluated, in both windows. */
export interface EvaluationSplit {
  readonly pairs: PairTable;
  readonly windows: Readonly<Record<Window, EpisodeTable>>;
}
