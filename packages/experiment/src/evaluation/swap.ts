import {
  type DataSet,
  type EpisodeTable,
  entryAt,
  metricNames,
  onlyEntry,
  type Pairs,
  type PairTable,
  recordOf,
  type Window,
} from "@kshot/contract";
import type { Evaluation, Swap } from "@kshot/contract/schemas";
import { episodeSupport } from "@kshot/episodes";
import { type PairedMetrics, pairedDifferences, personMetrics, randomStream } from "@kshot/metrics";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import type { Progress } from "../progress.js";
import type { PersonScorer } from "./person-scorer.js";
import { type RankedPeople, rankPeople } from "./ranked-people.js";
import { gainsOf } from "./validation-gain.js";

/** Default number of draws of other people's pairs. */
export const swapDraws = 5;

/** Options of the swap: the people, and the number of inner steps. */
export interface SwapPlan extends Pick<Evaluation, "split" | "window" | "steps"> {
  /** Default `swapDraws`. */
  readonly draws?: number;
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
 * @param onPeople - receives the number of people ranked since the last call; in total (1 + draws) × people
 * @returns undefined if the window has one person: there are no other people
 */
export async function evaluateSwap(
  scorer: PersonScorer,
  data: DataSet,
  { split, window, steps, draws = swapDraws }: SwapPlan,
  { seed, onPeople }: { readonly seed: number; readonly onPeople?: (people: number) => void },
): Promise<Swap | undefined> {
  const { pairs, windows } = data[split];
  const episodes = windows[window];
  if (episodes.length < 2) return undefined;
  const ranking = { pairs, episodes, k: data.k, steps: [steps] };
  const own = onlyEntry(await rankPeople(scorer, ranking, onPeople));
  const values = metricsIn(own, data.items.length);
  const differences = recordOf(metricNames, () => Array.from({ length: episodes.length }, () => 0));
  for (let draw = 0; draw < draws; draw++) {
    const random = randomStream(seed, `swap/${split}/${window}/${draw}`);
    const swapped = Array.from({ length: episodes.length }, (_, e) =>
      pairsOfOthers(pairs, episodes, e, data.k, random),
    );
    const supportOf = (e: number) => entryAt(swapped, e);
    const ranked = onlyEntry(await rankPeople(scorer, { ...ranking, supportOf }, onPeople));
    const drawn = metricsIn(ranked, data.items.length);
    // Differences are added, so that pairs without effect give exactly 0.
    for (const name of metricNames) {
      const lost = gainsOf(values[name], drawn[name]);
      differences[name] = differences[name].map((sum, p) => sum + entryAt(lost, p) / draws);
    }
  }
  const others = recordOf(metricNames, (name) => gainsOf(values[name], differences[name]));
  const queries = own.queries.map((asked) => asked.length);
  const asked = metricNames.map(
    (name): PairedMetrics => ({ method: [differences[name]], reference: [queries.map(() => 0)], queries }),
  );
  const lost = pairedDifferences(asked, randomStream(seed, "bootstrap"), { range: [-1, 1] });
  return {
    ...{ split, window, k: data.k, steps, draws },
    lost: recordOf(metricNames, (_, i) => {
      const { value, low, high } = entryAt(lost, i);
      return { value, low, high };
    }),
    people: { user: [...own.user], queries, own: values, others },
  };
}

/** The swap of several windows, with a progress line. Windows of one person are skipped. */
export async function evaluateSwaps(
  scorer: PersonScorer,
  data: DataSet,
  { split, windows, steps }: Pick<SwapPlan, "split" | "steps"> & { readonly windows: readonly Window[] },
  { seed, progress, stage }: { readonly seed: number; readonly progress: Progress; readonly stage: string },
): Promise<Swap[]> {
  const name = `${stage}, with others' pairs`;
  const total = (1 + swapDraws) * windows.reduce((sum, window) => sum + data[split].windows[window].length, 0);
  progress({ type: "stage", stage: name, total, unit: "person" });
  let done = 0;
  const onPeople = (people: number) => {
    done += people;
    progress({ type: "step", stage: name, done, figures: {} });
  };
  const found: Swap[] = [];
  for (const window of windows) {
    const swap = await evaluateSwap(scorer, data, { split, window, steps }, { seed, onPeople });
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
function metricsIn(ranked: RankedPeople, nItems: number): Record<(typeof metricNames)[number], number[]> {
  const all = ranked.queries.map((queries) => personMetrics(queries, nItems));
  return recordOf(metricNames, (name) => all.map((metrics) => metrics[name]));
}
