import type { MeasuredName } from "@kshot/contract";
import { evaluationsOf } from "./compare-window.js";
import { fewShotOf } from "./evaluations.js";
import { usualGroups } from "./gains.js";
import type { Method } from "./methods.js";
import { namedMetrics, overallMean } from "./person-metrics.js";
import { lengthGroups, popularityGroups, type QueryGroup } from "./query-groups.js";
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
 * The groups of a place: all queries, revisits, new items, lengths of the history where they differ, and how often train people
 * took the answer where the results say so. Lengths and frequencies are cut at their quartiles.
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
  const labels = () => people.queries.flatMap((own) => own.map(({ label }) => label));
  return [
    ...usualGroups,
    ...(length ? lengthGroups(people.historyLength) : []),
    ...(popularity && trainPairs !== undefined ? popularityGroups(trainPairs, labels()) : []),
  ];
}

/**
 * Every method's few-shot figure by group of queries, without intervals.
 *
 * @returns null if no method is evaluated at the place.
 */
export function groupMatrix<Name extends MeasuredName>(
  methods: readonly Method[],
  place: Place,
  metric: Name,
): GroupMatrix | null {
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
  const measure = ({ method, evaluations }: (typeof own)[number], { counts }: QueryGroup) => {
    const nItems = method.files[0].results.data.items.length;
    const seeds = evaluations.map((one) => namedMetrics(one, nItems, [metric], counts));
    const queries = (seeds[0]?.queries ?? []).reduce((sum, count) => sum + count, 0);
    const means = seeds.map((one) => overallMean(one.queries, one.metrics[metric]));
    return { queries, value: queries === 0 ? null : means.reduce((sum, one) => sum + one, 0) / means.length };
  };
  const table = asked.map((group) => ({ name: group.name, cells: own.map((one) => measure(one, group)) }));
  const present = table.filter(({ cells }) => cells.some(({ queries }) => queries > 0));
  return {
    groups: present.map(({ name, cells }) => ({ name, queries: cells[0]?.queries ?? 0 })),
    rows: own.map(({ method }, i) => ({ method, values: present.map(({ cells }) => cells[i]?.value ?? null) })),
  };
}
