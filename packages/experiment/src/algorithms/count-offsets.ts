import {
  crossSessionExpert,
  defaultExperts,
  fitExperts,
  type Mixture,
  type NamedCountModel,
  openMixture,
  type StackWeights,
} from "@kshot/baselines";
import { type DataSet, entryAt, interruptedError, type Pairs } from "@kshot/contract";
import { episodeQuery, episodeSupport, pairsAt, pairsOfPeople, rowsByPerson, shuffle } from "@kshot/episodes";
import { randomStream } from "@kshot/metrics";
import { countOffsets, supportOffsets } from "@kshot/recommend";
import { evenlySpaced } from "../evaluation/index.js";
import type { Progress } from "../progress.js";

/** Parts that the train people are divided into. */
const folds = 5;

/** Train pairs with offsets: one pair takes about a millisecond. */
const mostPairs = 20_000;

/** Train episodes with offsets, of K + Q pairs each. */
const mostEpisodes = 1000;

/** Values of the pairs' and of the episodes' offsets in memory, single precision: 256 MB each. */
const mostValues = 2 ** 26;

/** Log-probabilities of a stack's counting part for train people, as fixed offsets to a network's scores. */
export interface CountOffsets {
  /** The train pairs that have offsets: all, or those of evenly spaced people. Ascending. */
  readonly rows: Int32Array;
  /** Offsets of train pairs. @param rows among `rows` @returns `[rows, nItems]` */
  ofRows(rows: ArrayLike<number>): Float32Array;
  /** The train episodes that have offsets: all, or evenly spaced ones. */
  readonly episodes: Int32Array;
  /** Offsets of a train episode's support and query pairs. */
  ofEpisode(episode: number): { readonly support: Float32Array; readonly query: Float32Array };
}

/** The input of `crossFittedOffsets`. */
export interface CountOffsetsOptions {
  /** The counting experts of all train people, in the order of the weights. */
  readonly counting: readonly NamedCountModel[];
  /** Weights of the experts and of the seen features. */
  readonly weights: readonly number[];
  readonly repeats: boolean;
  readonly seed: number;
  readonly stage: string;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Scores of train people's pairs by a stack's counting part, cross-fitted: the people are divided into five folds, and those of a
 * fold are scored by counts of the others. A network that is trained on top of them learns what counting does not predict of new
 * people. With counts that include the person, every pair would look easy. Wolpert 1992 (stacking).
 *
 * A train pair's support are the K pairs before it, as in `recommend`.
 *
 * @throws `INTERRUPTED` when `signal` fires
 */
export async function crossFittedOffsets(
  data: DataSet,
  { counting, weights, repeats, seed, stage, progress, signal }: CountOffsetsOptions,
): Promise<CountOffsets> {
  const { pairs, episodes } = data.train;
  const nItems = data.items.length;
  const byPerson = rowsByPerson(pairs);
  const people = somePeople(byPerson, nItems);
  const total = people.reduce((sum, person) => sum + entryAt(byPerson, person).length, 0);
  progress({ type: "stage", stage, total, unit: "train pair" });
  let since = performance.now();
  const pause = async (done: number) => {
    if (signal?.aborted) throw interruptedError({ found: "counting without the train people was stopped" });
    if (performance.now() - since < 50) return;
    progress({ type: "step", stage, done, figures: {} });
    // A signal is handled between two pairs.
    await new Promise((resolve) => setImmediate(resolve));
    since = performance.now();
  };
  const names = counting.map(({ name }) => name);
  const choices = [...defaultExperts, crossSessionExpert].filter(({ name }) => names.includes(name));
  const stack: StackWeights = { experts: names, weights, repeats };
  const foldOf = foldsOfPeople(pairs.users.length, seed);
  const mixtures: Mixture[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const others = new Set(Array.from(pairs.users.keys()).filter((person) => entryAt(foldOf, person) !== fold));
    const experts = fitExperts(pairsOfPeople(pairs, others), nItems, choices);
    mixtures.push(openMixture("counts of other people", experts, stack));
    await pause(0);
  }
  const mixtureOf = (person: number) => entryAt(mixtures, entryAt(foldOf, person));

  const rows = Int32Array.from(people.flatMap((person) => Array.from(entryAt(byPerson, person)))).sort();
  const places = new Map(Array.from(rows, (row, place) => [row, place]));
  const placeOf = (row: number) => {
    const place = places.get(row);
    if (place === undefined) throw new RangeError(`train pair ${row} has no offsets`);
    return place;
  };
  const values = new Float32Array(rows.length * nItems);
  let done = 0;
  for (const person of people) {
    const own = entryAt(byPerson, person);
    for (const [at, row] of own.entries()) {
      const support: Pairs = pairsAt(pairs, own.subarray(Math.max(0, at - data.k), at));
      const offsets = countOffsets(mixtureOf(person), pairsAt(pairs, [row]), support);
      values.set(offsets, placeOf(row) * nItems);
      await pause(++done);
    }
  }
  const known = new Map<number, ReturnType<CountOffsets["ofEpisode"]>>();
  const fit = Math.floor(mostValues / ((episodes.k + episodes.q) * nItems));
  return {
    rows,
    ofRows: (asked) => {
      const found = new Float32Array(asked.length * nItems);
      for (let i = 0; i < asked.length; i++) {
        const place = placeOf(entryAt(asked, i));
        found.set(values.subarray(place * nItems, (place + 1) * nItems), i * nItems);
      }
      return found;
    },
    episodes: Int32Array.from(evenlySpaced(episodes.length, Math.max(1, Math.min(mostEpisodes, fit)))),
    ofEpisode: (episode) => {
      const before = known.get(episode);
      if (before !== undefined) return before;
      const mixture = mixtureOf(entryAt(episodes.user, episode));
      const support = episodeSupport(pairs, episodes, episode);
      const query = episodeQuery(pairs, episodes, episode);
      const own = { support: supportOffsets(mixture, support), query: countOffsets(mixture, query, support) };
      known.set(episode, own);
      return own;
    },
  };
}

/** All people, or evenly spaced ones who together have at most the pairs whose offsets take limited time and memory. */
function somePeople(byPerson: readonly Int32Array[], nItems: number): number[] {
  const pairs = byPerson.reduce((sum, rows) => sum + rows.length, 0);
  const most = Math.min(mostPairs, Math.floor(mostValues / nItems));
  if (pairs <= most) return Array.from(byPerson.keys());
  let left = most;
  return evenlySpaced(byPerson.length, Math.max(1, Math.floor((byPerson.length * most) / pairs))).filter((person) => {
    const { length } = entryAt(byPerson, person);
    // A person with very many pairs would take the memory of all others.
    if (length > left) return false;
    left -= length;
    return true;
  });
}

/** The fold of each person: people in random order, in turn. */
function foldsOfPeople(people: number, seed: number): Int32Array {
  const order = Int32Array.from({ length: people }, (_, person) => person);
  shuffle(order, randomStream(seed, "hybrid/offsets/folds"));
  const foldOf = new Int32Array(people);
  for (const [place, person] of order.entries()) foldOf[person] = place % folds;
  return foldOf;
}
