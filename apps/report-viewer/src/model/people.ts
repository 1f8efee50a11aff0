import type { RankedQuery } from "@kshot/contract";
import { type Evaluation, fewShotOf, type Method, type Place, zeroShotOf } from "./methods.js";
import { type MetricName, metricOf } from "./metrics.js";

/** Which queries count. */
export type QueryFilter = (query: RankedQuery, historyLength: number) => boolean;

/** One method on the people of a place: per person the mean metric over seeds and queries, and how many queries count. */
export interface PeopleFigures {
  readonly users: readonly string[];
  readonly queries: Float64Array;
  readonly mean: Float64Array;
  /** The mean over all queries, per seed. */
  readonly bySeed: readonly number[];
}

/** Figures with the support pairs (`few`) or without (`zero`); undefined where the files have no such evaluation. */
export function peopleFigures(
  method: Method,
  place: Place,
  metric: MetricName,
  shot: "few" | "zero",
  counts: QueryFilter = () => true,
): PeopleFigures | undefined {
  const evaluations = method.files.map((file) => (shot === "few" ? fewShotOf : zeroShotOf)(file, place));
  const [first] = evaluations;
  if (first === undefined || evaluations.some((entry) => entry === undefined)) return undefined;
  return figuresOf(evaluations as Evaluation[], metric, counts);
}

/** The same from given evaluations, one per seed. */
export function figuresOf(
  evaluations: readonly Evaluation[],
  metric: MetricName,
  counts: QueryFilter = () => true,
): PeopleFigures {
  const users = evaluations[0]!.people.user;
  const queries = new Float64Array(users.length);
  const mean = new Float64Array(users.length);
  const bySeed = evaluations.map(({ people }) => {
    let total = 0;
    let weight = 0;
    for (let p = 0; p < users.length; p++) {
      let sum = 0;
      let count = 0;
      for (const query of people.queries[p] ?? []) {
        if (!counts(query, people.historyLength[p]!)) continue;
        sum += metricOf(metric, query);
        count++;
      }
      queries[p] = count;
      if (count > 0) mean[p]! += sum / count / evaluations.length;
      total += sum;
      weight += count;
    }
    return weight === 0 ? 0 : total / weight;
  });
  return { users, queries, mean, bySeed };
}

/** Whether two methods were evaluated on the same people, in the same order. */
export function samePeople(a: PeopleFigures, b: PeopleFigures): boolean {
  return a.users.length === b.users.length && a.users.every((user, p) => user === b.users[p]);
}
