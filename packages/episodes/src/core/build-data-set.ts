import { type DataSet, dataError, type EpisodeTable, type PairTable } from "@kshot/contract";
import { countPairs, type PairCounts } from "./count-pairs.js";
import { type DroppedRows, noDroppedRows } from "./dropped-rows.js";
import type { EventColumns } from "./event-columns.js";
import { type FrequencyFilter, filterByFrequency } from "./frequency-filter.js";
import { pairTableOf } from "./pair-table-of.js";
import { requirePrefixes } from "./require-prefixes.js";
import { type Served, servedPeople } from "./served-people.js";
import { sessionsOfEvents, type Ties } from "./sessions.js";
import { type BetweenSplits, splitByTime } from "./split-by-time.js";
import { type PeopleOfSplits, splitAsGiven, splitPeople } from "./split-people.js";
import { slidingEpisodes, windowEpisodes } from "./windows.js";

/** Shares of train, validation and test; they add up to 1. */
export type Shares = readonly [train: number, val: number, test: number];

/** The default shares of the people. */
export const standardSplit: Shares = [0.8, 0.1, 0.1];

/** Options of a data set. */
export interface DataSetOptions extends FrequencyFilter {
  /** Idle seconds after which a session ends; null: a person's whole history is one session. Unused if sessions are given. */
  readonly sessionGap: number | null;
  /** Treatment of events with the same time as the previous event: `drop` (default): no pair; `keep`: a pair, in the given order. */
  readonly ties?: Ties;
  /** Number of items that a prefix keeps (the last ones); 0 keeps all. */
  readonly maxPrefix: number;
  /** Shares of the people (default: `standardSplit`); `[1, 0, 0]`: all people are train people. Not with another way to split. */
  readonly split?: Shares;
  /** Shares of the events in time order, instead of `split`: see `splitByTime`. */
  readonly splitTime?: Shares;
  readonly k: number;
  readonly q: number;
  /** Seed of the split. */
  readonly dataSeed: number;
  /** Called as each stage begins. */
  readonly onProgress?: (progress: DataSetProgress) => void;
}

/** Stages of `buildDataSet`, with the size of their input. */
export type DataSetProgress =
  | { readonly stage: "sessions"; readonly events: number }
  | { readonly stage: "pairs"; readonly people: number }
  | { readonly stage: "episodes"; readonly pairs: number };

/** A data set, and the account of the events. */
export interface BuiltDataSet {
  readonly data: Omit<DataSet, "fingerprint">;
  readonly dropped: DroppedRows;
  readonly pairs: Omit<PairCounts, "ofPerson">;
  readonly served: readonly Served[];
  /** Only with `splitTime`. */
  readonly between?: BetweenSplits;
}

/**
 * Events → a data set: filters, sessions, pairs; people split by a seeded shuffle (⌊n·share⌋ for train and validation, the rest
 * test), by time or as given; episodes: train's sliding windows of K + Q pairs, the first and the last K + Q pairs of the other
 * people.
 *
 * Consumes `events`: its arrays are overwritten.
 *
 * @param where - name of the events in errors
 * @throws a `DATA` error if nothing is left after the filters, or no person (in a split) has the K + Q pairs of an episode: the
 * message has the numbers of people by their numbers of pairs.
 */
export function buildDataSet(events: EventColumns, options: DataSetOptions, where: string): BuiltDataSet {
  const { k, q, maxPrefix, ties = "drop", split: shares = standardSplit, onProgress } = options;
  const dropped = noDroppedRows();
  let chosen = filterByFrequency(events, options, dropped.filtered);
  if (chosen.item.length === 0) {
    throw dataError({
      where,
      found: "no event left after the filters",
      expected: "events that they keep",
      todo: "Choose a smaller --min-events-per-user or --min-events-per-item, or more --top-items",
    });
  }
  let between: BetweenSplits | undefined;
  if (options.splitTime) {
    ({ events: chosen, between } = splitByTime(chosen, options.splitTime, dropped.filtered, where));
  }
  const { items, split } = chosen;
  onProgress?.({ stage: "sessions", events: chosen.item.length });
  const sessions = sessionsOfEvents(chosen, chosen.session ? null : options.sessionGap, dropped.repeat);
  const { ofPerson, ...counted } = countPairs(sessions, ties, dropped);
  const people = Int32Array.from(ofPerson.keys()).filter((person) => ofPerson[person]! > 0);
  requireEpisodes(where, ofPerson, k, q);
  requirePrefixes(sessions, { ties, maxPrefix, where });

  onProgress?.({ stage: "pairs", people: people.length });
  const parts = split ? splitAsGiven(people, split) : splitPeople(people, shares, options.dataSeed);
  let firstId = 0;
  const tableOf = (name: keyof PeopleOfSplits): PairTable => {
    const pairs = pairTableOf(sessions, parts[name], { maxPrefix, firstId, ties });
    firstId += pairs.length;
    return pairs;
  };
  const pairs = { train: tableOf("train"), val: tableOf("val"), test: tableOf("test") };

  onProgress?.({ stage: "episodes", pairs: firstId });
  /** All people are train people: no validation, no test. */
  const everyone = !split && shares[0] === 1;
  const some = (name: keyof PeopleOfSplits, episodes: EpisodeTable): EpisodeTable => {
    if (episodes.length > 0 || (everyone && name !== "train")) return episodes;
    const enough = (chosen: Int32Array) => chosen.filter((person) => ofPerson[person]! >= k + q).length;
    throw dataError({
      where,
      found: `the ${name} split has no episode: ${enough(parts[name])} of its ${parts[name].length} people have ${k + q} pairs (${enough(people)} of all ${people.length} have)`,
      expected: `at least one with K + Q = ${k} + ${q} pairs, its support before its query`,
      todo: "Give more people, other shares with --split, or smaller --k and --q",
    });
  };
  const evaluation = (name: "val" | "test") => ({
    pairs: pairs[name],
    windows: {
      first: some(name, windowEpisodes(pairs[name], k, q, "first")),
      last: some(name, windowEpisodes(pairs[name], k, q, "last")),
    },
  });
  const data = {
    items,
    k,
    q,
    train: { pairs: pairs.train, episodes: some("train", slidingEpisodes(pairs.train, k, q)) },
    val: evaluation("val"),
    test: evaluation("test"),
  };
  return { data, dropped, pairs: counted, served: servedPeople(ofPerson, k, q), ...(between ? { between } : {}) };
}

/** The error for no person with K + Q pairs: the message has the numbers of people by their numbers of pairs. */
function requireEpisodes(where: string, counts: Int32Array, k: number, q: number): void {
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  if (most >= k + q) return;
  const withLeast = (least: number) => counts.reduce((people, count) => people + (count >= least ? 1 : 0), 0);
  const steps = [...new Set([1, 2, 5, 10, most])].filter((least) => least <= most).sort((a, b) => a - b);
  const table = steps.map(
    (least) => `${withLeast(least)} with ${least === most ? `${least}, the most` : `${least} or more`}`,
  );
  throw dataError({
    where,
    found: `no person has the ${k + q} pairs that K = ${k} and Q = ${q} need; of ${counts.length} people: ${most === 0 ? "none has a pair" : table.join(", ")}`,
    expected: `people with at least ${k + q} pairs: events at later and later times in one session`,
    todo: "Choose smaller --k and --q, or a longer --session-gap; --ties keep if times are equal",
  });
}
