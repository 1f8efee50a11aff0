import { type DataSet, dataError, type EpisodeTable, type PairTable, usageError } from "@kshot/contract";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { fingerprint } from "../fingerprint.js";
import { shuffle } from "../shuffle.js";
import { slidingEpisodes, windowEpisodes } from "../windows.js";
import { withDatabase } from "./event-database.js";
import type { PrepareOptions } from "./options.js";
import { type AllPairs, pairsOfEvents, tableOfPeople } from "./pairs-of-events.js";
import { sortEvents } from "./sorted-events.js";
import { readTitles } from "./titles.js";

/**
 * Events → a data set: order, sessions, pairs, vocabulary in byte order of names, people split by a seeded shuffle
 * (⌊n·share⌋ for train and validation, the rest test), episodes of both windows.
 *
 * @throws a `DATA` error for a bad file or row, and where nobody (in a split) has the K + Q pairs of an episode: it says how
 * many have.
 */
export async function prepareEvents(options: PrepareOptions): Promise<DataSet> {
  const { k, q, split, inputs } = options;
  const sum = split[0] + split[1] + split[2];
  if (split.some((share) => !(share > 0)) || Math.abs(sum - 1) > 1e-9) {
    throw usageError({ where: "split", found: split.join(", "), expected: "three positive shares that add up to 1" });
  }
  const where = inputs.join(", ");
  return withDatabase(async (database) => {
    const events = await sortEvents(database, options);
    const all = await pairsOfEvents(events.chunks(), {
      gap: options.columns.session === undefined ? options.sessionGap : null,
      maxPrefix: options.maxPrefix,
    });
    requireEpisodes(where, all, k, q);
    const titles = options.titles && (await readTitles(database, options.titles, events.items));

    // People are numbered in byte order of their names, so the split depends on the seed and the names alone.
    const people = Int32Array.from(new Set(all.user)).sort();
    const order = shuffle(people.slice(), xoroshiro128plus(options.dataSeed | 0));
    const n = order.length;
    // A share such as .6 is a little less than it says in binary: ⌊n·share⌋ of the decimal number is meant.
    const trainCount = Math.floor(n * split[0] + 1e-9);
    const valCount = Math.floor(n * split[1] + 1e-9);
    const parts = {
      train: order.subarray(0, trainCount),
      val: order.subarray(trainCount, trainCount + valCount),
      test: order.subarray(trainCount + valCount),
    };
    let nextId = 0;
    const table = (split: keyof typeof parts): PairTable => {
      const pairs = tableOfPeople(all, events.users, new Set(parts[split]), nextId);
      nextId += pairs.length;
      return pairs;
    };
    const some = (split: keyof typeof parts, episodes: EpisodeTable): EpisodeTable => {
      if (episodes.length > 0) return episodes;
      throw dataError({
        where,
        found: `none of the ${parts[split].length} people of the ${split} split has ${k + q} pairs (${countWith(all, k + q)} of all ${n} have)`,
        expected: `at least one with K + Q = ${k} + ${q} pairs, support before query`,
        todo: "Give more people, other shares with --split, or smaller --k and --q",
      });
    };
    const trainPairs = table("train");
    const train = { pairs: trainPairs, episodes: some("train", slidingEpisodes(trainPairs, k, q)) };
    const evaluation = (split: "val" | "test") => {
      const pairs = table(split);
      return {
        pairs,
        windows: {
          first: some(split, windowEpisodes(pairs, k, q, "first")),
          last: some(split, windowEpisodes(pairs, k, q, "last")),
        },
      };
    };
    const val = evaluation("val");
    const test = evaluation("test");
    const data = { items: events.items, ...(titles ? { titles } : {}), k, q, train, val, test };
    return { ...data, fingerprint: fingerprint(data) };
  });
}

function requireEpisodes(where: string, all: AllPairs, k: number, q: number): void {
  if (countWith(all, k + q) > 0) return;
  const counts = pairCounts(all);
  const most = Math.max(0, ...counts.values());
  throw dataError({
    where,
    found: `nobody has the ${k + q} pairs that K = ${k} and Q = ${q} need; ${counts.size} people have pairs, the most is ${most}`,
    expected: `people with at least ${k + q} events after one another`,
    todo: "Choose smaller --k and --q, or a longer --session-gap",
  });
}

function pairCounts(all: AllPairs): Map<number, number> {
  const counts = new Map<number, number>();
  for (const user of all.user) counts.set(user, (counts.get(user) ?? 0) + 1);
  return counts;
}

function countWith(all: AllPairs, least: number): number {
  let people = 0;
  for (const count of pairCounts(all).values()) if (count >= least) people++;
  return people;
}
