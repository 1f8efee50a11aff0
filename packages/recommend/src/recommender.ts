import type { ParameterVector } from "@kshot/contract";

/**
 * A person's clicks, oldest first: items by name or title, of one session; or a list of sessions, oldest first, each a list of
 * items. A pair (history → next item) never crosses the end of a session.
 */
export type History = readonly string[] | readonly (readonly string[])[];

/** How a history is read. */
export interface HistoryOptions {
  /**
   * What happens to an item that the model does not know. `refuse` (default): a `USAGE` error that names the nearest known items.
   * `skip`: the item is left out and listed in `ignored`.
   */
  readonly unknown?: "refuse" | "skip";
}

/** Which items are ranked, and how many are returned. */
export interface RankOptions {
  /** Number of items returned, a positive integer. Default 10. */
  readonly top?: number;
  /** Whether items of the person's history are excluded. Default false. */
  readonly newOnly?: boolean;
  /** Only these items are ranked, by name or title. Default: all. */
  readonly among?: readonly string[];
  /** These items are excluded, by name or title. Default: none. */
  readonly exclude?: readonly string[];
  /** Whether each item also gets `rankBefore`, its rank without adaptation. Costs one more forward pass. Default false. */
  readonly before?: boolean;
}

/** A recommended item. */
export interface RankedItem {
  /** 1, 2, … among the candidates. */
  readonly rank: number;
  /** Its name in the events. */
  readonly item: string;
  readonly title?: string;
  /** The model's score: a logit for networks; higher is better. */
  readonly score: number;
  /** Softmax of the scores over all items of the model, in [0, 1]. */
  readonly probability: number;
  /** Its rank among the same candidates without adaptation; present with `before: true`. */
  readonly rankBefore?: number;
}

/** The recommendations for one person. */
export interface Answer {
  readonly items: readonly RankedItem[];
  /** Items of the history that the model does not know, in order of appearance; empty unless `unknown` is `skip`. */
  readonly ignored: readonly string[];
  /**
   * The number of support pairs that the model was fitted to, and of gradient steps. 0 pairs: the history gave no pair (it has
   * fewer than two items in a session) or the model does not adapt. The ranking is then the ranking of the model as trained.
   */
  readonly adapted: { readonly pairs: number; readonly steps: number };
}

/** A model that is fitted to one person. */
export interface FittedPerson {
  /** Items of the history that the model does not know, in order of appearance. */
  readonly ignored: readonly string[];
  readonly adapted: Answer["adapted"];
  /**
   * Ranks the items that may come next.
   *
   * @throws `USAGE` for a wrong option.
   */
  rank(options?: RankOptions): Promise<Answer>;
  /** The weights after the inner steps, `[layout.size]`; θ if no step was taken. A copy, for an export. */
  parameters(): Promise<ParameterVector>;
  /**
   * Adds one click to the person's open session and fits the model again to the last K pairs. The result equals a fit of the
   * whole history with this click at its end.
   *
   * @throws `USAGE` for an item that the model does not know, unless the person was fitted with `unknown: "skip"`.
   */
  observe(item: string): Promise<void>;
}

/** An opened model. */
export interface Recommender {
  /** The algorithm that trained it, as on the command line. */
  readonly algorithm: string;
  /** Whether it takes gradient steps on a person's pairs. */
  readonly adapts: boolean;
  /** K, the most support pairs that it is fitted to. */
  readonly k: number;
  /** Item names by item number. */
  readonly items: readonly string[];
  /** Titles by item number, if the model has them. */
  readonly titles?: readonly string[];
  /**
   * Fits the model to the last K pairs of a history with its inner steps, then ranks the items that may come next. An empty
   * history gives the ranking of the model as trained. Only items that the model can read are used: the last `maxSeqLen` items of
   * a session, and K pairs.
   *
   * @throws `USAGE` for a wrong argument or an item that the model does not know (with the nearest names).
   */
  recommend(history: History, options?: HistoryOptions & RankOptions): Promise<Answer>;
  /**
   * The same for many people, adapted together. The result for each person equals that of `recommend`, bit for bit, for any
   * number of people.
   */
  recommendMany(histories: readonly History[], options?: HistoryOptions & RankOptions): Promise<readonly Answer[]>;
  /** Fits the model to a person once, to rank several times or to follow the person's clicks. */
  fit(history: History, options?: HistoryOptions): Promise<FittedPerson>;
  /** Frees memory and threads. Later calls are `USAGE` errors. */
  close(): void;
}
