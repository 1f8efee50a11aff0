import {
  type AlgorithmName,
  type AskedMetric,
  algorithmNames,
  askedMetricForms,
  type MeasuredName,
  type Window,
} from "@kshot/contract";
import { type FlagsOf, metricsFlag, optional, optionalWords, toggle } from "./flag.js";
import { commaList, metricNamed, oneOf } from "./parsers.js";

/** Flags of `compare`. */
export interface CompareFlags {
  readonly reference?: AlgorithmName;
  readonly metric?: MeasuredName;
  readonly split?: "val" | "test";
  readonly window?: Window[];
  readonly metrics?: AskedMetric[];
  readonly json: boolean;
}

export const compareFlags: FlagsOf<CompareFlags> = {
  reference: optionalWords(algorithmNames, "Algorithm that the others are compared with", "gru, otherwise the first"),
  metric: optional(
    "NAME",
    (input) => metricNamed(input).name,
    `Metric of the differences and tests, of ${askedMetricForms}; coverage and novelty only if \`--metrics\` of train or evaluate stored them`,
    "accuracy@1",
  ),
  split: optionalWords(["val", "test"], "People to compare on", "test if the results have them"),
  window: optional(
    "LIST",
    commaList(oneOf(["first", "last"]), "first or last"),
    "Windows, of first and last",
    "those that all results have",
  ),
  metrics: metricsFlag(
    "More metrics to print (coverage and novelty only if `--metrics` of train or evaluate stored them)",
    "those in the results",
  ),
  json: toggle("Print the whole comparison as JSON"),
};
