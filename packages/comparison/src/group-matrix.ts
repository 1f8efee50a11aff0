import { askedMetric, type MeasuredName, type RankedQuery } from "@kshot/contract";
import type { Evaluation } from "@kshot/contract/schemas";
import { rankMetric } from "@kshot/metrics";
import { evaluationsOf } from "./compare-window.js";
import { computedOnce } from "./computed-once.js";
import { fewShotOf } from "./evaluations.js";
import type { Method } from "./methods.js";
import type { QueryFilter } from "./person-metrics.js";
import { lengthGroups, popularityGroups, type QueryGroup, usualGroups } from "./query-groups.js";
import type { Place } from "./results.js";

/** The few-shot figure of every method for every group of queries. */
export interface GroupMatrix {
  readonly groups: readonly { readonly name: string; readonly queries: number }[];
  readonly rows: readonly {
    readonly method: Method;
    /** The mean over queries and seeds, per group; null if the method has no query of the group. */
    readonly values: readonly (number | null)[];
  }[];
}

/**
 * The groups of a place: all queries, revisits, new items, lengths of the history if they differ, and how often train people took
 * the answer if the results contain it. Lengths and frequencies are cut at their quartiles.
 *
 * @param method - its first file describes people and queries.
 * @param parts - `length`, `popularity`: whether to add these groups; default both.
 */
export function groupsAt(
  method: Method,
  place: Place,
  { length = true, popularity = true }: { readonly length?: boolean; readonly popularity?: boolean } = {},
): QueryGroup[] {
  const { results } = method.files[0];
  const people = fewShotOf(results, place)?.people;
  if (people === undefined) return [];
  const { trainPairs } = results.data;
  const byPopularity = (counts: readonly number[]) =>
    knownGroups([counts, people], "", () =>
      popularityGroups(
        counts,
        people.queries.flatMap((own) => own.map(({ label }) => label)),
      ),
    );
  return [
    ...usualGroups,
    ...(length ? lengthGroups(people.historyLength) : []),
    ...(popularity && trainPairs !== undefined ? byPopularity(trainPairs) : []),
  ];
}

const knownGroups = computedOnce<readonly QueryGroup[]>();

/**
 * Every method's few-shot figure by group of queries, without intervals.
 *
 * @param metric - one of ranks.
 * @returns null if no method is evaluated at the place.
 */
export function groupMatrix(methods: readonly Method[], place: Place, metric: MeasuredName): GroupMatrix | null {
  const own = methods.flatMap((method) => {
    const evaluations = evaluationsOf(method, place, fewShotOf);
    return evaluations === null ? [] : [{ method, evaluations }];
  });
  const [first] = own;
  if (first === undefined) return null;
  const asked = groupsAt(
    own.find(({ method }) => method.files[0].results.data.trainPairs)?.method ?? first.method,
    place,
  );
  const measured =
    asked.length === 0
      ? []
      : own.map(({ method, evaluations }) => {
          const nItems = method.files[0].results.data.items.length;
          return meansOf(evaluations, asked, `${metric} ${nItems}`, (query) => figureOfQuery(metric, query, nItems));
        });
  const table = asked.map(({ name }, g) => ({
    name,
    cells: measured.map((groups) => groups[g] ?? { queries: 0, value: null }),
  }));
  const present = table.filter(({ cells }) => cells.some(({ queries }) => queries > 0));
  return {
    groups: present.map(({ name, cells }) => ({ name, queries: cells[0]?.queries ?? 0 })),
    rows: own.map(({ method }, i) => ({ method, values: present.map(({ cells }) => cells[i]?.value ?? null) })),
  };
}

interface Sums {
  readonly sums: readonly number[];
  readonly queries: readonly number[];
}
const knownSums = computedOnce<Sums>();

/** The mean over the queries of each group, mean over seeds. */
function meansOf(
  evaluations: readonly Evaluation[],
  groups: readonly QueryGroup[],
  name: string,
  value: (query: RankedQuery) => number,
): { readonly queries: number; readonly value: number | null }[] {
  const means = groups.map(() => 0);
  let counted = groups.map(() => 0);
  for (const { people } of evaluations) {
    const by = groups.map(({ counts }) => counts);
    const { sums, queries } = knownSums([people, ...by], name, () => sumsOf(people, by, value));
    counted = [...queries];
    sums.forEach((sum, g) => {
      means[g] = (means[g] ?? 0) + sum / Math.max(1, queries[g] ?? 0) / evaluations.length;
    });
  }
  return groups.map((_, g) => ({ queries: counted[g] ?? 0, value: counted[g] ? (means[g] ?? 0) : null }));
}

/** Sum of the figures and number of the queries of each group, in one pass over the queries. */
function sumsOf(
  people: Evaluation["people"],
  groups: readonly QueryFilter[],
  value: (query: RankedQuery) => number,
): Sums {
  const sums = groups.map(() => 0);
  const queries = groups.map(() => 0);
  people.queries.forEach((own, p) => {
    const length = people.historyLength[p] ?? 0;
    for (const query of own) {
      const figure = value(query);
      groups.forEach((counts, g) => {
        if (!counts(query, length)) return;
        sums[g] = (sums[g] ?? 0) + figure;
        queries[g] = (queries[g] ?? 0) + 1;
      });
    }
  });
  return { sums, queries };
}

/** A metric of one query's rank. */
function figureOfQuery(name: MeasuredName, query: RankedQuery, nItems: number): number {
  const metric = askedMetric(name);
  return metric === undefined ? 0 : rankMetric(metric, query, nItems);
}
