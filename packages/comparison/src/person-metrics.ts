import {
  askedMetric,
  listLength,
  type MeasuredName,
  type MetricName,
  metricNames,
  type RankedQuery,
  recordOf,
} from "@kshot/contract";
import type { Evaluation } from "@kshot/contract/schemas";
import { metricsOf, rankMetric } from "@kshot/metrics";
import { computedOnce } from "./computed-once.js";

/** Whether a query counts; `historyLength`: the person's number of pairs before the first query. */
export type QueryFilter = (query: RankedQuery, historyLength: number) => boolean;

/** Each person's mean over their queries of every metric, and how many queries count; lists `[people]`. */
export interface PersonMetrics<Name extends MeasuredName = MetricName> {
  readonly queries: readonly number[];
  readonly metrics: Readonly<Record<Name, readonly number[]>>;
}

const known = computedOnce<PersonMetrics>();
const knownAsked = computedOnce<readonly number[]>();
const everyQuery: QueryFilter = () => true;

/**
 * Every metric of every person: the mean over the person's queries that count. A person without such a query has 0 and weight 0.
 *
 * @param evaluation - ranks of every query.
 * @param nItems - number of items, N.
 * @param counts - which queries count; if omitted, all.
 * @throws `FAILED` for ranks that N items cannot have.
 */
export function personMetrics({ people }: Evaluation, nItems: number, counts: QueryFilter = everyQuery): PersonMetrics {
  return known([people, counts], `${nItems}`, () => measured(people, nItems, counts));
}

function measured(people: Evaluation["people"], nItems: number, counts: QueryFilter): PersonMetrics {
  const queries: number[] = [];
  const values = recordOf(metricNames, (): number[] => []);
  people.queries.forEach((own, person) => {
    const length = people.historyLength[person] ?? 0;
    const chosen = counts === everyQuery ? own : own.filter((query) => counts(query, length));
    queries.push(chosen.length);
    const all = chosen.map((query) => metricsOf(query, nItems));
    for (const name of metricNames) {
      const sum = all.reduce((total, metrics) => total + metrics[name], 0);
      values[name].push(chosen.length === 0 ? 0 : sum / chosen.length);
    }
  });
  return { queries, metrics: values };
}

/**
 * Each person's mean of metrics given by name: from the ranks, or, for metrics of lists (`novelty@K`), as stored in the
 * evaluation, over all queries. Coverage is not a mean over people and has no values here.
 *
 * @param evaluation - ranks of every query.
 * @param nItems - number of items, N.
 * @param names - which metrics.
 * @param counts - which queries count; if omitted, all.
 */
export function namedMetrics<Name extends MeasuredName>(
  evaluation: Evaluation,
  nItems: number,
  names: readonly Name[],
  counts: QueryFilter = everyQuery,
): PersonMetrics<Name> {
  const { queries, metrics: usual } = personMetrics(evaluation, nItems, counts);
  const { people, moreMetrics } = evaluation;
  const metrics = recordOf(names, (name): readonly number[] => {
    if (isUsual(name)) return usual[name];
    const metric = askedMetric(name);
    if (metric === undefined) return [];
    if (listLength(metric) > 0) return moreMetrics?.[name]?.perPerson ?? [];
    return knownAsked([people, counts], `${name} ${nItems}`, () =>
      people.queries.map((own, person) => {
        const length = people.historyLength[person] ?? 0;
        const chosen = own.filter((query) => counts(query, length));
        const sum = chosen.reduce((total, query) => total + rankMetric(metric, query, nItems), 0);
        return chosen.length === 0 ? 0 : sum / chosen.length;
      }),
    );
  });
  return { queries, metrics };
}

const zeros = new Map<number, readonly number[]>();

/** The metric 0 of so many people: the reference of a figure. The list is the same each time, so that it is read once. */
export function noMetric(people: number): readonly number[] {
  const found = zeros.get(people) ?? Array.from({ length: people }, () => 0);
  zeros.set(people, found);
  return found;
}

/** Whether a metric is one of the five that every evaluation has. */
export function isUsual(name: MeasuredName): name is MetricName {
  return (metricNames as readonly MeasuredName[]).includes(name);
}

/** Mean over all queries of people's means: Σ_p n_p m_p / Σ_p n_p. */
export function overallMean(queries: readonly number[], values: readonly number[]): number {
  let sum = 0;
  let weight = 0;
  values.forEach((value, p) => {
    const own = queries[p] ?? 0;
    sum += own * value;
    weight += own;
  });
  return weight === 0 ? 0 : sum / weight;
}

/** The mean of values; 0 without one. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** Each person's mean of a metric over the seeds; `seeds`: one per seed, of the same people. */
export function meanOverSeeds<Name extends MeasuredName>(
  seeds: readonly PersonMetrics<Name>[],
  metric: Name,
): number[] {
  const [first] = seeds;
  return (first?.metrics[metric] ?? []).map(
    (_, p) => seeds.reduce((sum, { metrics }) => sum + (metrics[metric][p] ?? 0), 0) / seeds.length,
  );
}
