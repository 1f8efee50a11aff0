import { type DataSet, dataError, type EpisodeTable, type PairTable } from "@kshot/contract";
import { pairTableOf } from "../../core/pair-table-of.js";
import { pairCounts, sessionsOfEvents } from "../../core/sessions.js";
import { splitPeople } from "../../core/split-people.js";
import { slidingEpisodes, windowEpisodes } from "../../core/windows.js";
import { fingerprint } from "../fingerprint.js";
import { checkPrepareOptions } from "./check-options.js";
import { withDatabase } from "./event-database.js";
import type { PrepareOptions } from "./options.js";
import { sortEvents } from "./sorted-events.js";
import { readTitles } from "./titles.js";

/**
 * Events → a data set: order, sessions, pairs, vocabulary in byte order of names, people split by a seeded shuffle
 * (⌊n·share⌋ for train and validation, the rest test), episodes: train's sliding windows of K + Q pairs, the first and the last K + Q of
 * a person of the others.
 *
 * @throws a `USAGE` error for options that cannot be used; a `DATA` error for a bad file or row, and where nobody (in a split) has the
 * K + Q pairs of an episode: it says how many people have how many.
 */
export async function prepareEvents(options: PrepareOptions): Promise<DataSet> {
  checkPrepareOptions(options);
  const { k, q, maxPrefix, onProgress } = options;
  const where = options.inputs.join(", ");
  onProgress?.({ stage: "read", files: options.inputs.length });
  const { events, titles } = await withDatabase(async (database) => {
    const events = await sortEvents(database, options);
    const titles = options.titles && (await readTitles(database, options.titles, events.items));
    return { events, titles };
  });
  onProgress?.({ stage: "sessions", events: events.item.length });
  const sessions = sessionsOfEvents(events, options.columns.session === undefined ? options.sessionGap : null);
  const counts = pairCounts(sessions);
  const people = Int32Array.from(counts.keys()).filter((person) => counts[person]! > 0);
  requireEpisodes(where, counts, k, q);

  onProgress?.({ stage: "pairs", people: people.length });
  const parts = splitPeople(people, options.split, options.dataSeed);
  let firstId = 0;
  const tableOf = (split: keyof typeof parts): PairTable => {
    const pairs = pairTableOf(sessions, parts[split], { maxPrefix, firstId });
    firstId += pairs.length;
    return pairs;
  };
  const pairs = { train: tableOf("train"), val: tableOf("val"), test: tableOf("test") };

  onProgress?.({ stage: "episodes", pairs: firstId });
  const some = (split: keyof typeof parts, episodes: EpisodeTable): EpisodeTable => {
    if (episodes.length > 0) return episodes;
    const enough = (chosen: Int32Array) => chosen.filter((person) => counts[person]! >= k + q).length;
    throw dataError({
      where,
      found: `the ${split} split has no episode: ${enough(parts[split])} of its ${parts[split].length} people have ${k + q} pairs (${enough(people)} of all ${people.length} have)`,
      expected: `at least one with K + Q = ${k} + ${q} pairs, its support before its query`,
      todo: "Give more people, other shares with --split, or smaller --k and --q",
    });
  };
  const evaluation = (split: "val" | "test") => ({
    pairs: pairs[split],
    windows: {
      first: some(split, windowEpisodes(pairs[split], k, q, "first")),
      last: some(split, windowEpisodes(pairs[split], k, q, "last")),
    },
  });
  const data = {
    items: events.items,
    ...(titles ? { titles } : {}),
    k,
    q,
    train: { pairs: pairs.train, episodes: some("train", slidingEpisodes(pairs.train, k, q)) },
    val: evaluation("val"),
    test: evaluation("test"),
  };
  return { ...data, fingerprint: fingerprint(data) };
}

/** Nobody with K + Q pairs: says how many people have how many. */
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
    found: `nobody has the ${k + q} pairs that K = ${k} and Q = ${q} need; of ${counts.length} people: ${most === 0 ? "none has a pair" : table.join(", ")}`,
    expected: `people with at least ${k + q} pairs: events at later and later times in one session`,
    todo: "Choose smaller --k and --q, or a longer --session-gap",
  });
}
