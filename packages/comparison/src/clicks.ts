import type { MeasuredName } from "@kshot/contract";
import type { Clicks, Evaluation } from "@kshot/contract/schemas";
import { evaluationsOf } from "./compare-window.js";
import { computedOnce } from "./computed-once.js";
import { fewShotOf } from "./evaluations.js";
import { resampled } from "./intervals.js";
import type { Method } from "./methods.js";
import { mean, namedMetrics, overallMean, type PersonMetrics } from "./person-metrics.js";
import { usualGroups } from "./query-groups.js";
import type { ComparableResults, Place } from "./results.js";
import { type CountedDifference, counted, sideOf } from "./side-of.js";
import { intervalInPoints, points, titleOfMetric } from "./words.js";

/** A figure after each number of a person's first support pairs, for some of the queries. */
export interface ClicksOfGroup {
  /** `all queries`, `revisits` or `new items`. */
  readonly name: string;
  readonly queries: number;
  /** The figure after `k[i]` pairs, mean over seeds. */
  readonly values: readonly number[];
  /** The gain of the first `k[i + 1]` pairs together over no pair; one entry fewer than `values`. */
  readonly gains: readonly CountedDifference[];
  /** The gain of the pairs from `k[i]` to `k[i + 1]`: of one pair, if no k is skipped. */
  readonly added: readonly CountedDifference[];
}

/** The gain of each of a person's first support pairs, over all people. */
export interface ClickWorth {
  /** Numbers of first pairs, ascending, from 0. */
  readonly k: readonly number[];
  /** All queries first, then the groups that have queries. */
  readonly groups: readonly ClicksOfGroup[];
  /** `The first pair adds 4.1 points of Acc@1 …` */
  readonly sentence: string;
}

/**
 * The gain in a metric from each of a person's first support pairs: paired differences between k and k − 1 pairs, resampled over
 * people, for all queries, for revisits and for new items. A query has the group that it has with all pairs, so that every k has
 * the same queries.
 *
 * @param method - its files contain `clicks`.
 * @param metric - one of ranks; figures are its mean over the group's queries, 0 … 1.
 * @returns null if a file has no such ranks at the place, or the files have different numbers of pairs.
 */
export function clickWorth<Name extends MeasuredName>(method: Method, place: Place, metric: Name): ClickWorth | null {
  const few = evaluationsOf(method, place, fewShotOf);
  const found = method.files.map(({ results }) => clicksAt(results, place));
  const [first] = found;
  if (few === null || first === undefined || first.k.length < 2 || first.k[0] !== 0) return null;
  const bySeed = found.flatMap((own, i) => {
    const full = few[i];
    return own !== undefined && full !== undefined && own.k.join() === first.k.join() ? [withFirst(own, full)] : [];
  });
  if (bySeed.length < found.length) return null;
  const nItems = method.files[0].results.data.items.length;
  const groups = usualGroups.flatMap(({ name, counts }) => {
    // [k][seed]
    const measured = first.k.map((_, at) =>
      bySeed.flatMap((own) => (own[at] ? [namedMetrics(own[at], nItems, [metric], counts)] : [])),
    );
    const queries = measured[0]?.[0]?.queries ?? [];
    const total = queries.reduce((sum, count) => sum + count, 0);
    return total > 0 ? [{ name, measured, queries, total }] : [];
  });
  const of = (list: readonly PersonMetrics<Name>[] | undefined) => (list ?? []).map(({ metrics }) => metrics[metric]);
  const asked = groups.flatMap(({ measured, queries }) => [
    ...measured.slice(1).map((own) => ({ method: of(own), reference: of(measured[0]), queries })),
    ...measured.slice(1).map((own, i) => ({ method: of(own), reference: of(measured[i]), queries })),
  ]);
  const differences = resampled(asked, place).map(counted);
  const told = groups.map(({ name, measured, queries, total }, g): ClicksOfGroup => {
    const each = first.k.length - 1;
    const own = differences.slice(2 * g * each, 2 * (g + 1) * each);
    return {
      ...{ name, queries: total },
      values: measured.map((seeds) => mean(of(seeds).map((values) => overallMean(queries, values)))),
      gains: own.slice(0, each),
      added: own.slice(each),
    };
  });
  return { k: first.k, groups: told, sentence: sentenceOf(first.k, told, titleOfMetric(metric)) };
}

/** The ranks after a person's first pairs at a place; undefined if a file has none. */
export function clicksAt({ clicks = [] }: Pick<ComparableResults, "clicks">, place: Place): Clicks | undefined {
  return clicks.find(({ split, window }) => split === place.split && window === place.window);
}

/** One evaluation for each number of first pairs, `[k]`: labels and groups of the evaluation with all pairs, ranks of the clicks. */
function withFirst(clicks: Clicks, full: Evaluation): Evaluation[] {
  return clicks.k.map((_, at) => ({
    ...full,
    people: knownPeople([clicks, full.people], `${at}`, () => ({
      ...full.people,
      queries: full.people.queries.map((own, p) =>
        own.map((query, q) => ({
          ...query,
          higher: clicks.higher[at]?.[p]?.[q] ?? query.higher,
          tied: clicks.tied[at]?.[p]?.[q] ?? query.tied,
        })),
      ),
    })),
  }));
}

const knownPeople = computedOnce<Evaluation["people"]>();

function sentenceOf(k: readonly number[], groups: readonly ClicksOfGroup[], title: string): string {
  const [all, ...parts] = groups;
  const [firstPair] = all?.added ?? [];
  if (all === undefined || firstPair === undefined) return "";
  const last = k.at(-1) ?? 0;
  const clear = all.added.flatMap((added, i) => (sideOf(added) === "above" ? [k[i + 1] ?? 0] : []));
  const until =
    clear.length === 0
      ? "No single pair has a clear gain."
      : `${clear.length === 1 ? "Pair" : "Pairs"} ${clear.join(", ")} of ${last} ${clear.length === 1 ? "has" : "have"} a clear gain.`;
  const total = all.gains.at(-1) ?? firstPair;
  const byGroup = parts
    .flatMap(({ name, gains }) => {
      const own = gains.at(-1);
      return own === undefined ? [] : [`${points(own.value)} on ${name} (${intervalInPoints(own)})`];
    })
    .join(" and ");
  return `The first pair adds ${points(firstPair.value)} points of ${title} (${intervalInPoints(firstPair)}). All ${last} pairs together add ${points(total.value)} (${intervalInPoints(total)})${byGroup === "" ? "" : `: ${byGroup}`}. ${until}`;
}
