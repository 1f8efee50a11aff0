import { type EpisodeTable, entryAt, type Logits, type Pairs, type PairTable, type RankedQuery } from "@kshot/contract";
import { episodeQuery, episodeSupport, historyLengths, withSupportContext } from "@kshot/episodes";
import { rankOf } from "@kshot/metrics";
import type { PersonScorer } from "./person-scorer.js";

/** Ranks of all people's queries in one window, in the order of its episodes. */
export interface RankedPeople {
  readonly user: readonly string[];
  readonly historyLength: readonly number[];
  readonly queries: readonly (readonly RankedQuery[])[];
  readonly shown?: ShownPeople;
  /** The highest items of each query, best first, if requested: `[people][queries][listed]`. */
  readonly lists?: readonly (readonly (readonly number[])[])[];
}

/** History and top items of each person, at their first query. */
export interface ShownPeople {
  /** The person's last items, newest last, at most 10. */
  readonly history: readonly (readonly number[])[];
  /** The five items that ranked highest, best first. */
  readonly top: readonly (readonly number[])[];
}

/** The people whose queries are ranked, and the support pairs and steps. */
export interface RankingPlan {
  readonly pairs: PairTable;
  readonly episodes: EpisodeTable;
  /** Number of support pairs. */
  readonly k: number;
  /** Which pairs those are: the last before the query, the default, or the person's first. */
  readonly support?: "first" | "last";
  /** Other support pairs in place of a person's own, by episode; left out: their own. */
  readonly supportOf?: (episode: number) => Pairs;
  /** Numbers of inner steps. */
  readonly steps: readonly number[];
  /** Numbers of steps, among `steps`, after which people are also shown; none by default. */
  readonly shown?: readonly number[];
  /** Length of the list of highest items for every query; 0, the default: no list. */
  readonly listed?: number;
}

/** Number of scores in memory at one time. It bounds memory and does not change results. */
const mostScores = 2 ** 18;

/**
 * Ranks of all people of a window, after each number of inner steps.
 *
 * @param onPeople - receives the number of people ranked since the last call
 * @returns `result[i]`: all people after `steps[i]` steps
 */
export async function rankPeople(
  scorer: PersonScorer,
  { pairs, episodes, k, support: which = "last", supportOf, steps, shown = [], listed = 0 }: RankingPlan,
  onPeople?: (people: number) => void,
): Promise<RankedPeople[]> {
  const user = Array.from(episodes.user, (u) => entryAt(pairs.users, u));
  const historyLength = Array.from(historyLengths(pairs, episodes));
  const history: number[][] = [];
  const after = steps.map((count) => ({
    queries: [] as RankedQuery[][],
    top: [] as number[][],
    lists: [] as number[][][],
    shown: shown.includes(count),
  }));
  const fit = Math.floor(mostScores / (steps.length * episodes.q * scorer.nItems));
  const atOnce = Math.max(1, Math.min(scorer.peopleAtOnce, fit));
  for (let first = 0; first < episodes.length; first += atOnce) {
    const last = Math.min(first + atOnce, episodes.length);
    const people = Array.from({ length: last - first }, (_, i) => {
      const support = supportOf?.(first + i) ?? somePairs(episodeSupport(pairs, episodes, first + i), k, which);
      const query = episodeQuery(pairs, episodes, first + i);
      return { support, query, met: itemsMet(support) };
    });
    const scores = await scorer.scores(people, steps);
    if (shown.length > 0) history.push(...people.map(({ support, query }) => metLast(support, query)));
    for (const [i, own] of after.entries()) {
      for (const [p, { met, query }] of people.entries()) {
        const logits = entryAt(entryAt(scores, i), p);
        own.queries.push(rankQueries(logits, met, query));
        if (own.shown) own.top.push(highest(logits, 0, 5));
        if (listed > 0) own.lists.push(query.sequences.map((_, row) => highest(logits, row, listed)));
      }
    }
    onPeople?.(last - first);
  }
  return after.map(({ queries, top, lists, shown: isShown }) => ({
    ...{ user, historyLength, queries },
    ...(isShown ? { shown: { history, top } } : {}),
    ...(listed > 0 ? { lists } : {}),
  }));
}

/** The rank of each query's label, and whether the label was seen. */
function rankQueries(logits: Logits, met: ReadonlySet<number>, query: Pairs): RankedQuery[] {
  return query.sequences.map((prefix, row) => {
    const label = entryAt(query.labels, row);
    const scores = logits.values.subarray(row * logits.columns, (row + 1) * logits.columns);
    return { label, seen: met.has(label) || includes(prefix, label), ...rankOf(scores, label) };
  });
}

/** Items of the support pairs, histories and labels. */
function itemsMet(support: Pairs): ReadonlySet<number> {
  const met = new Set<number>(Array.from(support.labels));
  for (const sequence of support.sequences) for (const item of Array.from(sequence)) met.add(item);
  return met;
}

function includes(sequence: ArrayLike<number>, item: number): boolean {
  for (let i = 0; i < sequence.length; i++) if (sequence[i] === item) return true;
  return false;
}

/** The last or the first k of a person's support pairs. */
function somePairs(pairs: Pairs, k: number, which: "first" | "last"): Pairs {
  const n = pairs.sequences.length;
  if (k >= n) return pairs;
  const from = which === "first" ? 0 : n - k;
  return { sequences: pairs.sequences.slice(from, from + k), labels: Array.from(pairs.labels).slice(from, from + k) };
}

/** The last 10 items before the first query, sessions of the support pairs included. */
function metLast(support: Pairs, query: Pairs): number[] {
  const first = { sequences: query.sequences.slice(0, 1), labels: Array.from(query.labels).slice(0, 1) };
  const [history = []] = withSupportContext(support, first).sequences;
  return Array.from(history).slice(-10);
}

/** The items of the highest scores of a query, best first, at most `length`; of equal ones the lower number. */
function highest({ values, columns }: Logits, row: number, length: number): number[] {
  const best: number[] = [];
  const score = (item: number | undefined) =>
    item === undefined ? Number.NEGATIVE_INFINITY : (values[row * columns + item] ?? Number.NEGATIVE_INFINITY);
  for (let item = 0; item < columns; item++) {
    if (best.length === length && !(score(item) > score(best[length - 1]))) continue;
    let place = best.length;
    while (place > 0 && score(item) > score(best[place - 1])) place--;
    best.splice(place, 0, item);
    best.length = Math.min(best.length, length);
  }
  return best;
}
