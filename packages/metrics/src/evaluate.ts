import { askedMetric, entryAt, type Interval, usageError } from "@kshot/contract";
import { askedMetricValue } from "./asked-metrics.js";
import { type Rank, rankOf } from "./rank.js";

/** Input of `evaluate`. */
export interface EvaluateOptions {
  /** Scores of all items for each query, `[queries][nItems]`; or row-major in one array, `[queries · nItems]`. Higher is better. */
  readonly scores: readonly ArrayLike<number>[] | Float32Array | Float64Array;
  /** The item that came next for each query, `[queries]`, each 0 … nItems − 1. */
  readonly labels: ArrayLike<number>;
  /** The person of each query, `[queries]`: names or numbers. If omitted, each query is of a different person. */
  readonly users?: ArrayLike<string | number>;
  /** The K of recall@K and ndcg@K, whole numbers of 1 or more. Default 5 and 10. */
  readonly cutoffs?: readonly number[];
  /** Seed of the resampling of people. */
  readonly seed: number;
}

/** Figures of one evaluation. */
export interface Evaluation {
  /** `accuracy@1`, `recall@K` and `ndcg@K` for each cut-off, `mrr`: the mean over all queries and its 95 % interval over people. */
  readonly metrics: Readonly<Record<string, Interval>>;
  readonly people: number;
  readonly queries: number;
  /** The rank of each label, `[queries]`. */
  readonly ranks: readonly Rank[];
}

/**
 * Evaluates scores in one call: each metric as its expectation over a random order of tied items, with the studentised bootstrap
 * interval from 2,000 resamplings of the people. All metrics share the draws.
 *
 * @throws `USAGE` for arguments that do not match; `FAILED` for a NaN score and for a label without a score.
 * @example
 * ```js
 * import { evaluate } from "@kshot/metrics";
 *
 * const scores = [
 *   [0.1, 0.7, 0.2],
 *   [3, 2, 1],
 * ];
 * const { metrics } = evaluate({ scores, labels: [1, 2], users: ["ann", "bob"], seed: 1 });
 * console.log(metrics.mrr.value); // 0.666…
 * ```
 */
export function evaluate({ scores, labels, users, cutoffs = [5, 10], seed }: EvaluateOptions): Evaluation {
  const queries = labels.length;
  const rows = rowsOf(scores, queries);
  if (users !== undefined && users.length !== queries) {
    throw usageError({ where: "users", found: `${users.length} entries`, expected: `${queries}, one per label` });
  }
  const ranks = rows.map((row, query) => rankOf(row, entryAt(labels, query)));
  const ofPerson = new Map<string | number, Rank[]>();
  for (const [query, rank] of ranks.entries()) {
    const person = users?.[query] ?? query;
    const own = ofPerson.get(person);
    if (own === undefined) ofPerson.set(person, [rank]);
    else own.push(rank);
  }
  const people = [...ofPerson.values()];
  const nItems = rows[0]?.length ?? 0;
  const names = ["accuracy@1", ...cutoffs.flatMap((k) => [`recall@${k}`, `ndcg@${k}`]), "mrr"];
  const metrics = names.map((name) => {
    const metric = askedMetric(name);
    if (metric === undefined) {
      throw usageError({ where: "cutoffs", found: name.replace(/^.*@/, ""), expected: "whole numbers of 1 or more" });
    }
    const { value, low, high } = askedMetricValue(metric, { ranks: people, nItems }, seed);
    return [name, { value, low, high }] as const;
  });
  return { metrics: Object.fromEntries(metrics), people: people.length, queries, ranks };
}

/** One list of scores per query. */
function rowsOf(scores: EvaluateOptions["scores"], queries: number): readonly ArrayLike<number>[] {
  if (queries === 0) throw usageError({ where: "labels", found: "none", expected: "one per query" });
  if (Array.isArray(scores)) {
    const rows = scores as readonly ArrayLike<number>[];
    const wrong = rows.findIndex((row) => row.length !== rows[0]?.length);
    if (rows.length === queries && wrong === -1) return rows;
    throw usageError({
      where: "scores",
      found: wrong === -1 ? `${rows.length} lists` : `list ${wrong} of ${rows[wrong]?.length} scores`,
      expected: wrong === -1 ? `${queries}, one per label` : `${rows[0]?.length}, as in the first list`,
    });
  }
  const flat = scores as Float32Array | Float64Array;
  if (flat.length === 0 || flat.length % queries !== 0) {
    throw usageError({
      where: "scores",
      found: `${flat.length} numbers`,
      expected: `a multiple of ${queries}, the number of labels`,
    });
  }
  const nItems = flat.length / queries;
  return Array.from({ length: queries }, (_, query) => flat.subarray(query * nItems, (query + 1) * nItems));
}
