import { type Method, seedOf } from "@kshot/comparison";
import type { Table } from "../figures/figure.js";

/**
 * Every measured value of every result, unrounded, one value a cell: a row for each method, seed, evaluation and metric.
 *
 * @param methods - from `methodsOf`.
 */
export function allValues(methods: readonly Method[]): Table {
  const rows = methods.flatMap((method) =>
    method.files.flatMap(({ results }) =>
      results.evaluations.flatMap(({ split, window, k, steps, support, metrics, moreMetrics, people }) =>
        Object.entries({ ...metrics, ...moreMetrics }).map(([metric, { value, low, high }]) => [
          ...[method.title, results.algorithm, seedOf(results), results.data.fingerprint, split, window],
          ...[support ?? "last", k, steps, people.user.length, metric, value, low, high],
        ]),
      ),
    ),
  );
  return {
    head: [
      ...["method", "algorithm", "seed", "data fingerprint", "split", "window", "support pairs", "k", "inner steps"],
      ...["people", "metric", "value", "low", "high"],
    ],
    rows,
  };
}
