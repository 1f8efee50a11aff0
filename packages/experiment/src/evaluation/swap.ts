import {
  type DataSet,
  type EpisodeTable,
  entryAt,
  metricNames,
  onlyEntry,
  type Pairs,
  type PairTable,
  type RankedQuery,
  recordOf,
  type Window,
} from "@kshot/contract";
import type { Evaluation, Swap } from "@kshot/contract/schemas";
import { episodeSupport } from "@kshot/episodes";
import { type PairedMetrics, pairedDifferences, personMetrics, randomStream } from "@kshot/metrics";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import type { Progress } from "../progress.js";
import { evenlySpaced } from "./evenly-spaced.js";
import type { PersonScorer } from "./person-scorer.js";
import { rankPeople } from "./ranked-people.js";
import { gainsOf } from "./validation-gain.js";

/** Default number of draws of other people's pairs. */
export const swapDraws = 5;

/**
 * The swap of a method without a network: one draw in the first window, for at most this many people, evenly spaced. A stack ranks
 * some ten people a second.
 */
export const countingSwap = { windows: ["first"], draws: 1, mostPeople: 120 } as const;

/** Options of the swap: the people, and the number of inner steps. */
export interface SwapPlan extends Pick<Evaluation, "split" | "window" | "steps"> {
  /** Default `swapDraws`. */
  readonly draws?: number;
  /** Largest number of people; of more, evenly spaced ones are evaluated. Default: all. */
  readonly mostPeople?: number;
  /** All people's queries, ranked with their own pairs; left out: they are ranked. */
  readonly ownRanks?: readonly (readonly RankedQuery[])[];
}

/**
 * The swap: every person's queries with their own K support pairs, and with K pairs of other people of the window, drawn at random.
 *
 *     lost = metric(own pairs) − mean over draws of metric(others' pairs)
 *
 * The lost part is personal. The gain of other people's pairs over zero-shot is the general part. A draw takes
 * each pair from another person, in random order of their support pairs; a person's own pair is never among them.
 *
 * @param seed - of the draws and of the resampling
 * @param onPeople - receives the number of people ranked since the last call; in total (1 + draws) × evaluated people, without the 1 for given `ownRanks`
 * @returns undefined if the window has one person: there are no other people
 */
export async function evaluateSwap(
  scorer: PersonScorer,
  data: DataSet,
  { split, window, steps, draws = swapDraws, mostPeople = Number.POSITIVE_INFINITY, ownRanks }: SwapPlan,
  { seed, onPeople }: { readonly seed: number; readonly onPeople?: (people: number) => void },
): Promise<Swap | undefined> {
  const { pairs, windows } = data[split];
  const all = windows[window];
  if (all.length < 2) return undefined;
  const asked = evenlySpaced(all.length, mostPeople);
  const episodes = episodesAt(all, asked);
  const ranking = { pairs, episodes, k: data.k, steps: [steps] };
  const own =
    ownRanks === undefined
      ? onlyEntry(await rankPeople(scorer, ranking, onPeople)).queries
      : asked.map((e) => entryAt(ownRanks, e));
  const values = metricsIn(own, data.items.length);
  const differences = recordOf(metricNames, () => asked.map(() => 0));
  for (let draw = 0; draw < draws; draw++) {
    const random = randomStream(seed, `swap/${split}/${window}/${draw}`);
    const swapped = asked.map((e) => pairsOfOthers(pairs, all, e, data.k, random));
    const supportOf = (e: number) => entryAt(swapped, e);
    const ranked = onlyEntry(await rankPeople(scorer, { ...ranking, supportOf }, onPeople));
    const drawn = metricsIn(ranked.queries, data.items.length);
    // Differences are added, so that pairs without effect give exactly 0.
    for (const name of metricNames) {
      const lost = gainsOf(values[name], drawn[name]);
      differences[name] = differences[name].map((sum, p) => sum + entryAt(lost, p) / draws);
    }
  }
  const others = recordOf(metricNames, (name) => gainsOf(values[name], differences[name]));
  const queries = own.map((ranked) => ranked.length);
  const compared = metricNames.map(
    (name): PairedMetrics => ({ method: [differences[name]], reference: [queries.map(() => 0)], queries }),
  );
  const lost = pairedDifferences(compared, randomStream(seed, "bootstrap"), { range: [-1, 1] });
  return {
    ...{ split, window, k: data.k, steps, draws },
    ...(asked.length === all.length ? {} : { of: all.length }),
    lost: recordOf(metricNames, (_, i) => {
      const { value, low, high } = entryAt(lost, i);
      return { value, low, high };
    }),
    people: { user: asked.map((e) => entryAt(pairs.users, entryAt(all.user, e))), queries, own: values, others },
  };
}

/**
 * The swap of several windows, with a progress line. Windows of one person are skipped.
 *
 * @param evaluations those that the scorer already has: the queries with all own pairs are not ranked again
 */
export async function evaluateSwaps(
  scorer: PersonScorer,
  data: DataSet,
  {
    windows,
    evaluations = [],
    ...plan
  }: Omit<SwapPlan, "window" | "ownRanks"> & {
    readonly windows: readonly Window[];
    readonly evaluations?: readonly Evaluation[];
  },
  { seed, progress, stage }: { readonly seed: number; readonly progress: Progress; readonly stage: string },
): Promise<Swap[]> {
  const name = `${stage}, with others' pairs`;
  const { split, steps, draws = swapDraws, mostPeople = Number.POSITIVE_INFINITY } = plan;
  const plans = windows.map((window) => {
    const known = evaluations.find(
      (one) => one.split === split && one.window === window && one.k === data.k && one.steps === steps,
    );
    return { ...plan, window, ...(known === undefined ? {} : { ownRanks: known.people.queries }) };
  });
  const total = plans.reduce((sum, { window, ownRanks }) => {
    const people = Math.min(data[split].windows[window].length, mostPeople);
    return sum + (draws + (ownRanks === undefined ? 1 : 0)) * people;
  }, 0);
  progress({ type: "stage", stage: name, total, unit: "person" });
  let done = 0;
  const onPeople = (people: number) => {
    done += people;
    progress({ type: "step", stage: name, done, figures: {} });
  };
  const found: Swap[] = [];
  for (const own of plans) {
    const swap = await evaluateSwap(scorer, data, own, { seed, onPeople });
    if (swap !== undefined) found.push(swap);
  }
  return found;
}

/** K pairs of other people of the window, each of a different person if there are enough. */
export function pairsOfOthers(
  pairs: PairTable,
  episodes: EpisodeTable,
  episode: number,
  k: number,
  random: RandomGenerator,
): Pairs {
  const sequences: ArrayLike<number>[] = [];
  const labels: number[] = [];
  const taken = new Set([episode]);
  for (let i = 0; i < k; i++) {
    if (taken.size === episodes.length) {
      taken.clear();
      taken.add(episode);
    }
    let other = uniformInt(random, 0, episodes.length - 1);
    while (taken.has(other)) other = uniformInt(random, 0, episodes.length - 1);
    taken.add(other);
    const support = episodeSupport(pairs, episodes, other);
    const row = uniformInt(random, 0, support.sequences.length - 1);
    sequences.push(entryAt(support.sequences, row));
    labels.push(entryAt(support.labels, row));
  }
  return { sequences, labels };
}

/** Every metric of every person. */
function metricsIn(
  ranked: readonly (readonly RankedQuery[])[],
  nItems: number,
): Record<(typeof metricNames)[number], number[]> {
  const all = ranked.map((queries) => personMetrics(queries, nItems));
  return recordOf(metricNames, (name) => all.map((metrics) => metrics[name]));
}

/** Some episodes of a table. */
function episodesAt(table: EpisodeTable, rows: readonly number[]): EpisodeTable {
  if (rows.length === table.length) return table;
  const { k, q } = table;
  const ints = (values: Int32Array, width: number) =>
    Int32Array.from(rows.flatMap((row) => [...values.subarray(row * width, (row + 1) * width)]));
  const times = (values: Float64Array) => Float64Array.from(rows, (row) => entryAt(values, row));
  return {
    ...{ length: rows.length, k, q },
    episodeId: ints(table.episodeId, 1),
    user: ints(table.user, 1),
    support: ints(table.support, k),
    query: ints(table.query, q),
    supportMaxTime: times(table.supportMaxTime),
    queryMinTime: times(table.queryMinTime),
  };
}
