import type { MetricName } from "@kshot/contract";
import type { Swap } from "@kshot/contract/schemas";
import { evaluationsOf } from "./compare-window.js";
import { sameUsers, zeroShotOf } from "./evaluations.js";
import { resampled } from "./intervals.js";
import type { Method } from "./methods.js";
import { personMetrics } from "./person-metrics.js";
import type { Place } from "./results.js";
import { type CountedDifference, counted } from "./side-of.js";
import { pointsWithInterval, whole } from "./words.js";

/** The gain of a method from the support pairs, split into two parts, each with an interval over people and seeds. */
export interface SwappedMethod {
  readonly name: string;
  /** The algorithm's name. */
  readonly algorithm: string;
  /** Number of evaluated people. */
  readonly people: number;
  /** Number of people of the window; more than `people` if only evenly spaced ones were evaluated. */
  readonly of: number;
  /** Number of draws of other people's pairs. */
  readonly draws: number;
  /** The whole gain: with own pairs minus without pairs; null if the results have no figure without pairs. */
  readonly gain: CountedDifference | null;
  /** The personal part: with own pairs minus with other people's pairs. */
  readonly lost: CountedDifference;
  /** The general part, which any person's pairs give: with other people's pairs minus without pairs; null if `gain` is null. */
  readonly fromAnyPairs: CountedDifference | null;
}

/**
 * The swap of every method that has one. The swap replaces a person's support pairs by those of other people: the part of the
 * gain that is lost is personal.
 *
 * @param methods - from `methodsOf`
 * @returns in the order of the methods; empty if no results have a swap
 */
export function swapsAt(methods: readonly Method[], place: Place, metric: MetricName): SwappedMethod[] {
  return methods.flatMap((method): SwappedMethod[] => {
    const swaps = method.files.flatMap(({ results }) => swapOf(results.swap, place) ?? []);
    const [first] = swaps;
    if (first === undefined || swaps.length < method.files.length) return [];
    if (!swaps.every((swap) => sameUsers(swap.people.user, first.people.user))) return [];
    const { queries } = first.people;
    const own = swaps.map(({ people }) => people.own[metric]);
    const others = swaps.map(({ people }) => people.others[metric]);
    const nItems = method.files[0].results.data.items.length;
    const without = evaluationsOf(method, place, zeroShotOf)?.flatMap((evaluation) => {
      const rows = rowsOf(evaluation.people.user, first.people.user);
      if (rows === null) return [];
      const values = personMetrics(evaluation, nItems).metrics[metric];
      return [rows.map((row) => values[row] ?? 0)];
    });
    const compared = [
      { method: own, reference: others, queries },
      ...(without?.length === own.length
        ? [
            { method: own, reference: without, queries },
            { method: others, reference: without, queries },
          ]
        : []),
    ];
    const [lost, gain, fromAnyPairs] = resampled(compared, place).map(counted);
    if (lost === undefined) return [];
    const { draws, of = queries.length } = first;
    const measured = { name: method.title, algorithm: method.algorithm, people: queries.length, of, draws };
    return [{ ...measured, lost, gain: gain ?? null, fromAnyPairs: fromAnyPairs ?? null }];
  });
}

/** The two parts of a method's gain in a sentence, in points (one point is 0.01 of the metric). */
export function swapSentence({ name, people, of: all, gain, lost, fromAnyPairs }: SwappedMethod): string {
  const of = pointsWithInterval;
  const title = people === all ? name : `${name} (${whole(people)} of ${whole(all)} people)`;
  if (gain === null || fromAnyPairs === null)
    return `${title}: own support pairs gain ${of(lost)} over other people's pairs. This is the personal part.`;
  return `${title}: own support pairs gain ${of(gain)}. Other people's pairs gain ${of(fromAnyPairs)}. The difference, ${of(lost)}, is the personal part.`;
}

function swapOf(swaps: readonly Swap[] | undefined, { split, window }: Place): Swap | undefined {
  return swaps?.find((swap) => swap.split === split && swap.window === window);
}

/** The rows of some people in a list of people; null if one is not in it. */
function rowsOf(all: readonly string[], some: readonly string[]): number[] | null {
  const row = new Map(all.map((user, i) => [user, i]));
  const rows = some.flatMap((user) => row.get(user) ?? []);
  return rows.length === some.length ? rows : null;
}
