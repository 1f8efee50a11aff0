import { askedMetric, type Interval, type MeasuredName, type MetricName, type Window, whole } from "@kshot/contract";
import type { Split } from "./results.js";

export { percent, whole } from "@kshot/contract";

/** The metric of sentences if none is chosen: those of `train`, of `compare` without `--metrics`, and of the page when it opens. */
export const usualMetric = "accuracy@1";

/** The usual five metrics in headings. */
const metricTitles: Readonly<Record<MetricName, string>> = {
  "accuracy@1": "Acc@1",
  "recall@5": "Recall@5",
  "recall@10": "Recall@10",
  "ndcg@10": "NDCG@10",
  mrr: "MRR",
};

/** Any metric in headings: `Recall@20`, `Novelty@10 (bits)`. */
export function titleOfMetric(name: MeasuredName): string {
  const usual: Readonly<Record<string, string>> = metricTitles;
  const { kind = "", k } = askedMetric(name) ?? {};
  const titles: Readonly<Record<string, string>> = { accuracy: "Acc", ndcg: "NDCG" };
  const title = titles[kind] ?? `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
  return usual[name] ?? `${title}@${k}${kind === "novelty" ? " (bits)" : ""}`;
}

/** What each of the usual five means. */
const metricDefinitions: Readonly<Record<MetricName, string>> = {
  "accuracy@1": "Share of queries whose answer ranks first among all items (0 to 1)",
  "recall@5": "Share of queries whose next item is among the first five (0 to 1)",
  "recall@10": "Share of queries whose next item is among the first ten (0 to 1)",
  "ndcg@10": "1/log2(rank + 1) for ranks up to ten, else 0; mean over queries (0 to 1)",
  mrr: "Mean reciprocal rank: 1/rank of the next item, mean over queries (0 to 1)",
};

/** What any metric means, in one sentence. */
export function definitionOfMetric(name: MeasuredName): string {
  const usual: Readonly<Record<string, string>> = metricDefinitions;
  const { kind = "mrr", k = 0 } = askedMetric(name) ?? {};
  const amongFirst = `Share of queries whose next item is among the first ${k} (0 to 1)`;
  const definitions = {
    accuracy: amongFirst,
    recall: amongFirst,
    ndcg: `1/log2(rank + 1) for ranks up to ${k}, else 0; mean over queries (0 to 1)`,
    mrr: metricDefinitions.mrr,
    coverage: `Share of all items that are among the first ${k} of at least one query (0 to 1)`,
    novelty: `Mean of −log2 of an item's share of the train pairs, over the first ${k} items of each query (bits)`,
  };
  return usual[name] ?? definitions[kind];
}

/** The pairs of a person in a window. */
export const windowTitles: Readonly<Record<Window, string>> = {
  first: "a person's first K + Q pairs",
  last: "a person's last K + Q pairs",
};

/** The sentence for two equal windows. */
export const sameWindowsNote = "the people have K + Q pairs and no more, so the first and the last window are the same";

/** Titles of the splits for readers. */
export const splitTitles: Readonly<Record<Split, string>> = { test: "test people", val: "validation people" };

/** A value, with a minus sign (U+2212) if it is negative: `0.3124`. */
export function figure(value: number, digits = 3): string {
  return value.toFixed(digits).replace("-", "−");
}

/** Smaller differences of means are errors of rounding. */
const rounding = 1e-12;

/** A difference with its sign, with a minus sign (U+2212): `+0.0233`, `−0.0041`; 0 has no sign. */
export function signed(value: number, digits = 3): string {
  return `${value < -rounding ? "−" : value > rounding ? "+" : ""}${Math.abs(value).toFixed(digits)}`;
}

/** A difference in points, 100 times the figure, with its sign: `+15.5`, `−1.8`; a value that rounds to 0 has no sign. */
export function points(value: number): string {
  const shown = (100 * Math.abs(value)).toFixed(1);
  return `${shown === "0.0" ? "" : value < 0 ? "−" : "+"}${shown}`;
}

/** A figure with its interval: `0.3124 [0.289, 0.336]`. */
export function withInterval({ value, low, high }: Interval): string {
  return `${figure(value, 4)} [${figure(low)}, ${figure(high)}]`;
}

/** A difference with its interval: `+0.0233 [+0.010, +0.036]`. */
export function signedWithInterval({ value, low, high }: Interval, digits = 4): string {
  return `${signed(value, digits)} [${signed(low)}, ${signed(high)}]`;
}

/** A difference in points with its interval: `+1.8 [+0.7, +2.8]`. */
export function pointsWithInterval({ value, low, high }: Interval): string {
  return `${points(value)} [${points(low)}, ${points(high)}]`;
}

/** The interval of a difference in a sentence, in points: `95 % interval +0.7 to +2.8`. */
export function intervalInPoints({ low, high }: Interval): string {
  return `95 % interval ${points(low)} to ${points(high)}`;
}

/** How often test people were evaluated: `evaluated 13 times`, `evaluated once`, `never evaluated`. */
export function openingsInWords(count: number): string {
  if (count === 0) return "never evaluated";
  return count === 1 ? "evaluated once" : `evaluated ${whole(count)} times`;
}

/** The same as a sentence of the terminal, with the flag that leaves them out. */
export function openingsSentence(count: number): string {
  return `The test people of these data have been ${openingsInWords(count)}, by all runs and projects (openings.json); --split val evaluates other people.`;
}

/** Names in a sentence: `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
