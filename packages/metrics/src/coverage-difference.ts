import { usageError } from "@kshot/contract";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { finished } from "./finished.js";
import { deviation, type PairedDifference } from "./paired-difference.js";
import { quantile } from "./quantile.js";

/** The items that were listed for each person, `[seed][person][items]`, without repeats. */
export type ListedItems = readonly (readonly (readonly number[])[])[];

/**
 * Difference in coverage of two methods on the same people, with a 95 % interval over people.
 *
 * `value = mean over seeds of (|⋃ₚ Aₚ| − |⋃ₚ Bₚ|) / N` with Aₚ, Bₚ the items listed for person p. The people are drawn with
 * replacement, the same for both methods and every seed. A draw repeats people, so both coverages are lower than those of all
 * people: the interval is the value plus the percentiles of the deviations from the draws' mean.
 *
 * @param lists `reference` null: the method's coverage itself. A list of one seed is paired with all lists of the other method
 * @param nItems N, the number of items
 * @param random advanced
 * @param options `resamples`: default 2,000; one draw reads every list
 * @returns as `pairedDifference`, with empty `byPerson`: coverage is not a mean over people
 * @throws `USAGE` for no people, or lists of different people
 */
export function coverageDifference(
  lists: { readonly method: ListedItems; readonly reference: ListedItems | null },
  nItems: number,
  random: RandomGenerator,
  options: { readonly resamples?: number; readonly level?: number } = {},
): PairedDifference {
  return finished(coverageDifferenceInSteps(lists, nItems, random, options));
}

/** `coverageDifference` in short steps, for a page that must not stop for long: each `next()` is one draw of the people. */
export function* coverageDifferenceInSteps(
  { method, reference }: { readonly method: ListedItems; readonly reference: ListedItems | null },
  nItems: number,
  random: RandomGenerator,
  { resamples = 2000, level = 0.95 }: { readonly resamples?: number; readonly level?: number } = {},
): Generator<void, PairedDifference> {
  const people = method[0]?.length ?? 0;
  const all = [...method, ...(reference ?? [])];
  if (people === 0 || reference?.length === 0 || all.some((lists) => lists.length !== people)) {
    throw usageError({
      where: "coverage difference",
      found: `lists of ${[...new Set(all.map((lists) => lists.length))].join(" and ") || "0"} people`,
      expected: "the same people, at least one, for both methods and every seed",
    });
  }
  const count = listedCounter(nItems);
  const seeds = Math.max(method.length, reference?.length ?? 0);
  const of = (lists: ListedItems, people: Iterable<number>) => lists.map((own) => count(own, people) / nItems);
  const bySeedOf = (chosen: readonly number[]) => {
    const own = of(method, chosen);
    const other = reference === null ? [0] : of(reference, chosen);
    const at = (values: readonly number[], seed: number) => values[values.length === 1 ? 0 : seed] ?? Number.NaN;
    return Array.from({ length: seeds }, (_, seed) => at(own, seed) - at(other, seed));
  };
  const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, one) => sum + one, 0) / values.length;
  const bySeed = bySeedOf(Array.from({ length: people }, (_, person) => person));
  const value = mean(bySeed);
  const draw = () => [...new Set(Array.from({ length: people }, () => uniformInt(random, 0, people - 1)))];
  const values = new Float64Array(resamples);
  for (let at = 0; at < resamples; at++) {
    values[at] = mean(bySeedOf(draw()));
    yield;
  }
  values.sort();
  const least = reference === null ? 0 : -1;
  const moved = (p: number) => Math.min(1, Math.max(least, value + quantile(values, p) - mean(values)));
  return {
    value,
    low: Math.min(value, moved((1 - level) / 2)),
    high: Math.max(value, moved((1 + level) / 2)),
    bySeed,
    seedDeviation: deviation(bySeed),
    byPerson: [],
    people,
    // There are no differences of single people, so the number of differing people does not apply to this interval.
    differing: people,
    unequal: people,
  };
}

/** Counts the different items in the lists of some people. One array serves all counts: a set for each is ten times as slow. */
function listedCounter(nItems: number) {
  const last = new Int32Array(nItems);
  let turn = 0;
  return (lists: readonly (readonly number[])[], people: Iterable<number>): number => {
    turn++;
    let count = 0;
    for (const person of people) {
      for (const item of lists[person] ?? []) {
        if (last[item] === turn) continue;
        last[item] = turn;
        count++;
      }
    }
    return count;
  };
}
