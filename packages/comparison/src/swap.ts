import type { Interval, MetricName } from "@kshot/contract";
import type { Swap } from "@kshot/contract/schemas";
import { evaluationsOf } from "./compare-window.js";
import { sameUsers, zeroShotOf } from "./evaluations.js";
import { resampled } from "./intervals.js";
import type { Method } from "./methods.js";
import { personMetrics } from "./person-metrics.js";
import type { Place } from "./results.js";
import { pointsWithInterval } from "./words.js";

/** The parts of a method's gain from the support pairs, each with an interval over people and seeds. */
export interface SwappedMethod {
  readonly name: string;
  /** How often pairs of other people were drawn. */
  readonly draws: number;
  /** With own pairs minus without pairs; null if the results have no figure without pairs. */
  readonly gain: Interval | null;
  /** With own pairs minus with pairs of other people: the personal part. */
  readonly lost: Interval;
  /** With pairs of other people minus without pairs: the part that any pairs give; null as `gain`. */
  readonly fromAnyPairs: Interval | null;
}

/**
 * The swap of every method that has one: the part of the gain from support pairs that is lost with other people's pairs.
 *
 * @param methods - from `methodsOf`
 * @returns in the order of the methods; empty where no results have a swap
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
    const zero = evaluationsOf(method, place, zeroShotOf)?.filter(({ people }) =>
      sameUsers(people.user, first.people.user),
    );
    const without = zero?.map(
      (evaluation) => personMetrics(evaluation, method.files[0].results.data.items.length).metrics[metric],
    );
    const compared = [
      { method: own, reference: others, queries },
      ...(without?.length === own.length
        ? [
            { method: own, reference: without, queries },
            { method: others, reference: without, queries },
          ]
        : []),
    ];
    const [lost, gain, fromAnyPairs] = resampled(compared, place).map(({ value, low, high }) => ({ value, low, high }));
    if (lost === undefined) return [];
    return [{ name: method.title, draws: first.draws, lost, gain: gain ?? null, fromAnyPairs: fromAnyPairs ?? null }];
  });
}

/** The personal part of a method's gain, in a sentence, in points (100 times the figure). */
export function swapSentence({ name, gain, lost, fromAnyPairs }: SwappedMethod): string {
  const of = pointsWithInterval;
  if (gain === null || fromAnyPairs === null)
    return `${name}: a person's own pairs minus pairs of other people, ${of(lost)}.`;
  return `${name}: a person's own pairs add ${of(gain)}, pairs of other people ${of(fromAnyPairs)}; the difference, ${of(lost)}, is the personal part.`;
}

function swapOf(swaps: readonly Swap[] | undefined, { split, window }: Place): Swap | undefined {
  return swaps?.find((swap) => swap.split === split && swap.window === window);
}
