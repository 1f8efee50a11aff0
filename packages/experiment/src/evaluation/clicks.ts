import type { DataSet, RankedQuery, SplitName, Window } from "@kshot/contract";
import type { Clicks } from "@kshot/contract/schemas";
import { episodeSupport } from "@kshot/episodes";
import type { PersonScorer } from "./person-scorer.js";
import { rankPeople } from "./ranked-people.js";

/** The evaluated people, and the number of inner steps. */
export interface ClicksPlace {
  readonly split: Exclude<SplitName, "train">;
  readonly window: Window;
  readonly steps: number;
}

/** All people's ranks with their first k support pairs. */
export interface RankedWithFirst {
  readonly k: number;
  readonly queries: readonly (readonly RankedQuery[])[];
  /** The five highest items at the first query, best first, `[people][5]`. */
  readonly top: readonly (readonly number[])[];
}

/** Number of items before the first pair's label that are stored. */
const mostBefore = 10;

/**
 * Ranks all people's queries after the first 0, 1 … K of their support pairs, to measure the effect of each of a person's first
 * clicks.
 *
 * @param place.steps - inner steps on the pairs; without a pair none is taken
 */
export async function evaluateClicks(scorer: PersonScorer, data: DataSet, place: ClicksPlace): Promise<Clicks> {
  const { pairs, windows } = data[place.split];
  const found: RankedWithFirst[] = [];
  for (let k = 0; k <= data.k; k++) {
    const steps = k === 0 ? 0 : place.steps;
    const plan = {
      pairs,
      episodes: windows[place.window],
      k,
      support: "first",
      steps: [steps],
      shown: [steps],
    } as const;
    const [ranked] = await rankPeople(scorer, plan);
    found.push({ k, queries: ranked?.queries ?? [], top: ranked?.shown?.top ?? [] });
  }
  return clicksOf(data, place, found);
}

/** The form of a results file: ranks without the labels, which are in the evaluation with all pairs. */
export function clicksOf(data: DataSet, place: ClicksPlace, ranked: readonly RankedWithFirst[]): Clicks {
  const { pairs, windows } = data[place.split];
  const episodes = windows[place.window];
  const supports = Array.from({ length: episodes.length }, (_, i) => episodeSupport(pairs, episodes, i));
  const ranks = (of: (query: RankedQuery) => number) =>
    ranked.map(({ queries }) => queries.map((own) => own.map((query) => of(query))));
  return {
    ...place,
    k: ranked.map(({ k }) => k),
    before: supports.map(({ sequences }) => Array.from(sequences[0] ?? []).slice(-mostBefore)),
    labels: supports.map(({ labels }) => Array.from(labels)),
    higher: ranks(({ higher }) => higher),
    tied: ranks(({ tied }) => tied),
    top: ranked.map(({ top }) => top.map((items) => [...items])),
  };
}
