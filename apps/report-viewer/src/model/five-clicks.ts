import { clicksAt, computedOnce, fewShotOf, type Method, overallMean, type Place } from "@kshot/comparison";
import { type AskedMetric, askedMetric, type MeasuredName, type RankedQuery } from "@kshot/contract";
import type { Clicks, Evaluation } from "@kshot/contract/schemas";
import { expectedRank, rankMetric } from "@kshot/metrics";

/** One person after each number of their first support pairs, for one training. */
export interface PersonOfClicks {
  readonly user: string;
  /** Items before the first pair's label, newest last. */
  readonly before: readonly number[];
  /** Labels of the support pairs, oldest first. */
  readonly labels: readonly number[];
  /** Labels of the query pairs, in their order: the items that the person took next. */
  readonly next: readonly number[];
  /** The metric's mean over the person's queries, `[k]`. */
  readonly values: readonly number[];
  /** Rank of the first query's label, `[k]`. */
  readonly ranks: readonly number[];
  /** The five items that rank highest at the first query, best first, `[k][5]`. */
  readonly top: readonly (readonly number[])[];
}

/** All people of a place, for a method's first seed. */
export interface PeopleOfClicks {
  /** Numbers of first pairs, ascending. */
  readonly k: readonly number[];
  readonly people: readonly PersonOfClicks[];
}

/** All people after each number of first pairs; null if the method's results do not contain it. */
export function peopleOfClicks(method: Method, place: Place, name: MeasuredName): PeopleOfClicks | null {
  const { results } = method.files[0];
  const [clicks, full] = [clicksAt(results, place), fewShotOf(results, place)];
  const metric = askedMetric(name);
  if (
    metric === undefined ||
    clicks === undefined ||
    full === undefined ||
    clicks.labels.length !== full.people.user.length
  )
    return null;
  const people = knownPeople([clicks, full.people], `${name} ${results.data.items.length}`, () =>
    peopleOf(clicks, full, metric, results.data.items.length),
  );
  return { k: clicks.k, people };
}

const knownPeople = computedOnce<readonly PersonOfClicks[]>();

function peopleOf(clicks: Clicks, full: Evaluation, metric: AskedMetric, nItems: number): PersonOfClicks[] {
  return full.people.user.map((user, p): PersonOfClicks => {
    const queries = full.people.queries[p] ?? [];
    const ranked = clicks.k.map((_, at) =>
      queries.map(
        (query, q): RankedQuery => ({
          ...query,
          higher: clicks.higher[at]?.[p]?.[q] ?? 0,
          tied: clicks.tied[at]?.[p]?.[q] ?? 0,
        }),
      ),
    );
    return {
      user,
      before: clicks.before[p] ?? [],
      labels: clicks.labels[p] ?? [],
      next: queries.map(({ label }) => label),
      values: ranked.map((own) =>
        overallMean(
          own.map(() => 1),
          own.map((query) => rankMetric(metric, query, nItems)),
        ),
      ),
      ranks: ranked.map(([first]) => (first === undefined ? 0 : expectedRank(first))),
      top: clicks.top.map((lists) => lists[p] ?? []),
    };
  });
}

/** The person whose clicks are shown: `typical`, `gained`, `lost`, or `=` and a name. */
export type PersonChoice = "typical" | "gained" | "lost" | `=${string}`;

/**
 * The requested person: the person with the largest gain, the largest loss or the median change of the metric after all pairs. If
 * several are equal, the person whose list of five changes most.
 */
export function chosenPerson({ people }: PeopleOfClicks, choice: string): PersonOfClicks | undefined {
  if (choice.startsWith("=")) {
    const named = people.find(({ user }) => user === choice.slice(1));
    if (named !== undefined) return named;
  }
  // Rounded, so that 0.4 − 0.3 and 0.2 − 0.1 are equal.
  const gain = ({ values }: PersonOfClicks) => Math.round(1e9 * ((values.at(-1) ?? 0) - (values[0] ?? 0)));
  const sorted = people.map(gain).sort((a, b) => a - b);
  const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  const distance = (person: PersonOfClicks) =>
    choice === "gained" ? -gain(person) : choice === "lost" ? gain(person) : Math.abs(gain(person) - median);
  const counted = new Map<PersonOfClicks, number>();
  const changes = (person: PersonOfClicks) => {
    const known = counted.get(person);
    if (known !== undefined) return known;
    const lists = person.top.map((list) => list.join());
    const own = lists.slice(1).filter((list, i) => list !== lists[i]).length;
    counted.set(person, own);
    return own;
  };
  return [...people].sort((a, b) => distance(a) - distance(b) || changes(b) - changes(a))[0];
}

/** The state of an item in a list of five: whether the person took it, and its change from the list before. */
export interface ListedItem {
  readonly item: number;
  /** `next`: the first query's label; `later`: of another query; null: not taken in the queries. */
  readonly taken: "next" | "later" | null;
  /** Places gained since the list of one pair fewer; null: it was not in that list. 0 for the first list. */
  readonly moved: number | null;
}

/** The list of five after `k[at]` pairs. */
export function listAfter({ top, next }: PersonOfClicks, at: number): ListedItem[] {
  const before = top[at - 1];
  return (top[at] ?? []).map((item, place) => {
    const was = before?.indexOf(item) ?? place;
    return {
      item,
      taken: item === next[0] ? "next" : next.includes(item) ? "later" : null,
      moved: was === -1 ? null : was - place,
    };
  });
}
