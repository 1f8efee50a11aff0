import type { Interval } from "@kshot/contract";
import type { Evaluation } from "@kshot/contract/schemas";
import { novelty, selfInformation } from "@kshot/metrics";
import { evaluationsOf } from "./compare-window.js";
import { computedOnce } from "./computed-once.js";
import { fewShotOf, usesSupport, zeroShotOf } from "./evaluations.js";
import { resampled } from "./intervals.js";
import type { Method } from "./methods.js";
import { noMetric } from "./person-metrics.js";
import type { Place } from "./results.js";

/** A figure of the lists of five with the support pairs and, for a method that uses them, without. */
export interface ListFigure {
  readonly few: Interval;
  readonly fewBySeed: readonly number[];
  /** Null if the support pairs change nothing, or the results have no lists without them. */
  readonly zero: Interval | null;
}

/** Coverage and novelty of one method's lists of five at the first query of every person. */
export interface ListedItems {
  readonly method: Method;
  /** Share of all items that are in at least one list, 0 … 1. */
  readonly coverage: ListFigure;
  /** Mean self-information of the listed items, in bits; null if the results have no numbers of train pairs. */
  readonly novelty: ListFigure | null;
}

/**
 * Coverage and novelty of the five highest-ranked items of every person, before and after adaptation, with 95 % intervals over
 * people. They are of the first query alone, so no results file has these figures: `coverage@5` is over all queries. The interval
 * of coverage is a jackknife, whose time does not depend on a number of draws; that of novelty is over people and seeds.
 *
 * @returns one entry per method whose results hold lists with the support pairs.
 */
export function listedItemsAt(methods: readonly Method[], place: Place): ListedItems[] {
  return methods.flatMap((method): ListedItems[] => {
    const few = listsOf(evaluationsOf(method, place, fewShotOf));
    if (few === null) return [];
    const uses = method.files.some(({ results }) => usesSupport(results, place));
    const zero = uses ? listsOf(evaluationsOf(method, place, zeroShotOf)) : null;
    const { items, trainPairs } = method.files[0].results.data;
    return [
      {
        method,
        coverage: figureOf(few, zero, (lists) => coverageOf(lists, items.length)),
        novelty: trainPairs === undefined ? null : figureOf(few, zero, (lists) => noveltyOf(lists, trainPairs, place)),
      },
    ];
  });
}

type Lists = readonly (readonly (readonly number[])[])[];
type Measured = Interval & { readonly bySeed: readonly number[] };

/** The lists by seed and person; null if a seed has none, or a list is empty. */
function listsOf(evaluations: readonly Evaluation[] | null): Lists | null {
  const lists = (evaluations ?? []).flatMap(({ people }) => (people.top === undefined ? [] : [people.top]));
  if (evaluations === null || lists.length < evaluations.length || lists.length === 0) return null;
  return lists.every((own) => own.length > 0 && own.every((list) => list.length > 0)) ? lists : null;
}

function figureOf(few: Lists, zero: Lists | null, measure: (lists: Lists) => Measured): ListFigure {
  const { bySeed, ...interval } = measure(few);
  if (zero === null) return { few: interval, fewBySeed: bySeed, zero: null };
  const { value, low, high } = measure(zero);
  return { few: interval, fewBySeed: bySeed, zero: { value, low, high } };
}

/**
 * Share of the items that are in a list, mean over seeds, with a jackknife interval over people: `value ± 1.96 √((n−1)/n Σ (θᵢ −
 * θ̄)²)` with θᵢ the share without person i. Without person i, the items that only person i has in a list are missing, so one
 * pass gives all θᵢ.
 */
function coverageOf(lists: Lists, nItems: number): Measured {
  return knownCoverage(lists, `${nItems}`, () => jackknife(lists, nItems));
}

const knownCoverage = computedOnce<Measured>();
const knownNovelty = computedOnce<readonly number[]>();
const knownInformation = computedOnce<Float64Array>();

function jackknife(lists: Lists, nItems: number): Measured {
  const bySeed: number[] = [];
  const people = lists[0]?.length ?? 0;
  const without = new Float64Array(people);
  for (const own of lists) {
    // By item: 0 in no list, the person's number from 1 in one person's list, −1 in several.
    const holder = new Int32Array(nItems);
    own.forEach((list, person) => {
      for (const item of list) {
        const known = holder[item] ?? 0;
        holder[item] = known === 0 || known === person + 1 ? person + 1 : -1;
      }
    });
    const listed = holder.reduce((sum, one) => sum + (one === 0 ? 0 : 1), 0);
    bySeed.push(listed / nItems);
    const alone = new Int32Array(people);
    for (const one of holder) if (one > 0) alone[one - 1] = (alone[one - 1] ?? 0) + 1;
    for (let i = 0; i < people; i++)
      without[i] = (without[i] ?? 0) + (listed - (alone[i] ?? 0)) / nItems / lists.length;
  }
  const value = bySeed.reduce((sum, one) => sum + one, 0) / bySeed.length;
  const mean = without.reduce((sum, one) => sum + one, 0) / people;
  const squares = without.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  const margin = 1.96 * Math.sqrt(((people - 1) / people) * squares);
  return { value, low: Math.max(0, value - margin), high: Math.min(1, value + margin), bySeed };
}

function noveltyOf(lists: Lists, trainPairs: readonly number[], place: Place): Measured {
  const perPerson = lists.map((own) =>
    knownNovelty([own, trainPairs], "", () => {
      const information = knownInformation([trainPairs], "", () => selfInformation(trainPairs));
      return own.map((list) => novelty(list, information));
    }),
  );
  const people = perPerson[0] ?? [];
  const asked = { method: perPerson, reference: [noMetric(people.length)], queries: people.map(() => 1) };
  const [found] = resampled([asked], place);
  const { value, low, high, bySeed } = found ?? { value: 0, low: 0, high: 0, bySeed: [] };
  return { value, low, high, bySeed };
}
