import { type AskedMetric, askedMetric, type Interval, listLength, metricNames, type Window } from "@kshot/contract";
import type { Evaluation } from "@kshot/contract/schemas";
import { askedMetricValue, randomStream } from "@kshot/metrics";
import { algorithmTitle } from "./algorithms.js";
import { windowHeading } from "./compare-table.js";
import { fewShotOf, windowsAreTheSame, zeroShotOf } from "./evaluations.js";
import { modelsOf } from "./models.js";
import { type NamedResults, type Split, seedOf } from "./results.js";
import { type Table, textTable } from "./text-table.js";
import { withInterval } from "./words.js";

/**
 * A requested metric of one evaluation: as stored in the evaluation, otherwise from its ranks.
 *
 * @param nItems number of items that were ranked
 * @param seed of the resampling behind the interval
 * @returns undefined for a metric of lists that the evaluation does not have
 */
export function askedMetricOf(
  metric: AskedMetric,
  { moreMetrics, people }: Pick<Evaluation, "moreMetrics" | "people">,
  nItems: number,
  seed: number,
): Interval | undefined {
  const kept = moreMetrics?.[metric.name];
  if (kept !== undefined) return kept;
  if (listLength(metric) > 0) return undefined;
  return askedMetricValue(metric, { ranks: people.queries, nItems }, randomStream(seed, "bootstrap"));
}

/** The metrics that evaluations have in addition to the usual five, in the order of first appearance. */
export function askedMetricsIn(all: readonly Pick<NamedResults, "results">[]): AskedMetric[] {
  const names = all.flatMap(({ results }) =>
    results.evaluations.flatMap(({ moreMetrics }) => Object.keys(moreMetrics ?? {})),
  );
  const usual: readonly string[] = metricNames;
  return [...new Set(names)].filter((name) => !usual.includes(name)).flatMap((name) => askedMetric(name) ?? []);
}

/** The requested metrics of one trained model in one window. */
export interface AskedMetricRow {
  readonly algorithm: string;
  /** The run's name, if several runs train one algorithm. */
  readonly label?: string;
  readonly seed: number;
  readonly window: Window;
  /** By the metric's name; null for a metric of lists that the evaluation does not have. */
  readonly metrics: Readonly<Record<string, Interval | null>>;
}

/** The evaluated people and windows. */
export interface AskedMetricPlace {
  readonly split: Split;
  /** Default: both. */
  readonly windows?: readonly Window[];
}

/** The requested metrics of each trained model, by window. Adapting methods have their few-shot figures. */
export function askedMetricRows(
  all: readonly NamedResults[],
  metrics: readonly AskedMetric[],
  { split, windows = ["first", "last"] }: AskedMetricPlace,
): AskedMetricRow[] {
  return windows.flatMap((window) =>
    modelsOf(all).flatMap(({ results, label }) => {
      const entry = fewShotOf(results, { split, window }) ?? zeroShotOf(results, { split, window });
      if (entry === undefined) return [];
      const seed = seedOf(results);
      const values = metrics.map((metric) => {
        const found = askedMetricOf(metric, entry, results.data.items.length, seed);
        return [metric.name, found === undefined ? null : { value: found.value, low: found.low, high: found.high }];
      });
      return [
        {
          ...{ algorithm: results.algorithm, seed, window, metrics: Object.fromEntries(values) },
          ...(label === undefined ? {} : { label }),
        },
      ];
    }),
  );
}

/**
 * The requested metrics as tables, each with its 95 % interval over people; empty if no metric was requested. Windows of the same
 * queries are one table.
 */
export function askedMetricTables(
  all: readonly NamedResults[],
  metrics: readonly AskedMetric[],
  { split, windows = ["first", "last"] }: AskedMetricPlace,
): Table[] {
  if (metrics.length === 0) return [];
  const same = windowsAreTheSame(
    all.map((own) => own.results),
    split,
  );
  const tables = windows.flatMap((window): Table[] => {
    const rows = askedMetricRows(all, metrics, { split, windows: [window] });
    if (rows.length === 0) return [];
    const titles = rows.map(
      ({ algorithm, label }) => `${algorithmTitle(algorithm)}${label === undefined ? "" : ` (${label})`}`,
    );
    const missing = metrics.filter(({ name }) => rows.some((row) => row.metrics[name] === null));
    return [
      {
        title: [windowHeading(split, window, same)],
        head: [["Method", ...metrics.map(({ name }) => name)]],
        rows: rows.map((row, i) => [
          titles.indexOf(titles[i] ?? "") === titles.lastIndexOf(titles[i] ?? "")
            ? (titles[i] ?? "")
            : `${titles[i]}, seed ${row.seed}`,
          ...metrics.map(({ name }) => {
            const value = row.metrics[name];
            return value ? withInterval(value) : "–";
          }),
        ]),
        ...(missing.length === 0
          ? {}
          : { notes: [`–: evaluated without --metrics ${missing.map(({ name }) => name).join(",")}.`] }),
      },
    ];
  });
  return same ? tables.slice(0, 1) : tables;
}

/** The tables of the requested metrics, as text. */
export function askedMetricTable(...options: Parameters<typeof askedMetricTables>): string {
  return askedMetricTables(...options)
    .map((table) => textTable(table, { closed: false }))
    .join("\n\n");
}
