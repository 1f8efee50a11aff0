import { type DataSet, entryAt, type SplitName, type Window } from "@kshot/contract";
import { episodeQuery, episodeSupport } from "@kshot/episodes";
import type { PersonScorer } from "../evaluation/index.js";

/** Which queries are scored. */
export interface QueryScoresPlan {
  readonly data: DataSet;
  readonly split: Exclude<SplitName, "train">;
  readonly windows: readonly Window[];
  /** Number of inner steps on all support pairs. */
  readonly steps: number;
}

/** One query of an evaluated person. */
export interface QueryScores {
  readonly user: string;
  readonly window: Window;
  /** Number of the query among the person's, from 0 in time order. */
  readonly query: number;
  /** Item that came next. */
  readonly label: number;
  /** `[nItems]` */
  readonly scores: Float32Array | Float64Array;
}

/** The scores of all items for every query: windows as given, people in the order of their episodes. One list for each group of people. */
export async function* queryScores(
  scorer: PersonScorer,
  { data, split, windows, steps }: QueryScoresPlan,
): AsyncGenerator<QueryScores[]> {
  const { pairs, windows: episodesOf } = data[split];
  for (const window of windows) {
    const episodes = episodesOf[window];
    const atOnce = Math.max(1, Math.min(scorer.peopleAtOnce, Math.floor(2 ** 18 / (episodes.q * scorer.nItems))));
    for (let first = 0; first < episodes.length; first += atOnce) {
      const numbers = Array.from({ length: Math.min(atOnce, episodes.length - first) }, (_, i) => first + i);
      const people = numbers.map((episode) => ({
        support: episodeSupport(pairs, episodes, episode),
        query: episodeQuery(pairs, episodes, episode),
      }));
      const [scores = []] = await scorer.scores(people, [steps]);
      yield people.flatMap(({ query }, p) => {
        const user = entryAt(pairs.users, entryAt(episodes.user, first + p));
        const { values, columns = 0 } = scores[p] ?? { values: new Float32Array() };
        return Array.from(query.labels, (label, number) => ({
          ...{ user, window, query: number, label },
          scores: values.subarray(number * columns, (number + 1) * columns),
        }));
      });
    }
  }
}
