import type { MeasuredName } from "@kshot/contract";
import type { Evaluation } from "@kshot/contract/schemas";
import { evaluationsOf } from "./compare-window.js";
import { computedOnce } from "./computed-once.js";
import { fewShotOf, usesSupport, zeroShotOf } from "./evaluations.js";
import { resampled } from "./intervals.js";
import type { Method } from "./methods.js";
import { namedMetrics, type PersonMetrics } from "./person-metrics.js";
import { type QueryGroup, usualGroups } from "./query-groups.js";
import type { Place } from "./results.js";
import { type CountedDifference, counted } from "./side-of.js";

/** The gain from the support pairs for some of the queries: few-shot minus the method's own zero-shot, paired by person. */
export interface GainOfGroup {
  /** `all queries`, `revisits`, `new items`, or the name of another group. */
  readonly name: string;
  readonly queries: number;
  readonly gain: CountedDifference;
  /** Each seed's own gain, seeds ascending. */
  readonly bySeed: readonly number[];
}

/** The gain of one method from the support pairs. */
export interface GainOfMethod {
  readonly method: Method;
  /** In the order of the asked groups, without those that have no query. */
  readonly groups: readonly GainOfGroup[];
}

/**
 * Few-shot minus own zero-shot of every method that uses the support pairs, for each group of queries, with intervals over people
 * and seeds. A query has the group that it has with the support pairs.
 *
 * @param groups - default: all queries, revisits, new items.
 * @returns one entry per method that uses the pairs and has both evaluations.
 */
export function gainsAt<Name extends MeasuredName>(
  methods: readonly Method[],
  place: Place,
  metric: Name,
  groups: readonly QueryGroup[] = usualGroups,
): GainOfMethod[] {
  const plans = methods.flatMap((method) => {
    const few = evaluationsOf(method, place, fewShotOf);
    const zero = evaluationsOf(method, place, zeroShotOf);
    if (few === null || zero === null || !method.files.some(({ results }) => usesSupport(results, place))) return [];
    const nItems = method.files[0].results.data.items.length;
    const grouped = zero.map((own, i) => seenAs(own, few[i] ?? own));
    const measured = groups.flatMap(({ name, counts }) => {
      const own = few.map((one) => namedMetrics(one, nItems, [metric], counts));
      const queries = own[0]?.queries ?? [];
      const total = queries.reduce((sum, count) => sum + count, 0);
      if (total === 0) return [];
      const without = grouped.map((one) => namedMetrics(one, nItems, [metric], counts));
      return [{ name, total, asked: { method: values(own, metric), reference: values(without, metric), queries } }];
    });
    return [{ method, measured }];
  });
  const found = resampled(
    plans.flatMap(({ measured }) => measured.map(({ asked }) => asked)),
    place,
  );
  return plans.map(({ method, measured }) => ({
    method,
    groups: measured.flatMap(({ name, total }): GainOfGroup[] => {
      const one = found.shift();
      if (one === undefined) return [];
      const { bySeed } = one;
      return [{ name, queries: total, gain: counted(one), bySeed }];
    }),
  }));
}

const values = <Name extends MeasuredName>(list: readonly PersonMetrics<Name>[], metric: Name) =>
  list.map(({ metrics }) => metrics[metric]);

/** An evaluation with the `seen` values of another: without the support pairs fewer items were seen. */
function seenAs(evaluation: Evaluation, other: Evaluation): Evaluation {
  const people = peopleSeenAs([evaluation.people, other.people], "", () => ({
    ...evaluation.people,
    queries: evaluation.people.queries.map((own, p) =>
      own.map((query, q) => ({ ...query, seen: other.people.queries[p]?.[q]?.seen ?? query.seen })),
    ),
  }));
  return { ...evaluation, people };
}

const peopleSeenAs = computedOnce<Evaluation["people"]>();
