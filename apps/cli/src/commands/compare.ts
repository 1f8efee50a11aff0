import { type AlgorithmName, algorithmNames, type MetricName, metricNames, type Window } from "@kshot/contract";
import { buildCommand } from "@stricli/core";
import { commaList, oneOf, words } from "../parsers.js";

/** Flags of `compare`. */
export interface CompareFlags {
  readonly reference?: AlgorithmName;
  readonly metric?: MetricName;
  readonly split?: "val" | "test";
  readonly window?: Window[];
  readonly json: boolean;
}

export const compareCommand = buildCommand<CompareFlags, string[]>({
  loader: async () => (await import("../run/compare.js")).runCompare,
  parameters: {
    flags: {
      reference: {
        ...words(algorithmNames),
        placeholder: "NAME",
        optional: true,
        brief: "Algorithm that the others are compared with [gru, else the first]",
      },
      metric: { ...words(metricNames), optional: true, brief: "Metric of differences and tests [accuracy@1]" },
      split: { ...words(["val", "test"]), optional: true, brief: "People [test where the results have them]" },
      window: {
        kind: "parsed",
        parse: commaList(oneOf(["first", "last"]), "first or last"),
        optional: true,
        placeholder: "LIST",
        brief: "Windows, of first and last [those that all results have]",
      },
      json: { kind: "boolean", default: false, withNegated: false, brief: "The whole comparison as JSON" },
    },
    positional: {
      kind: "array",
      minimum: 1,
      parameter: { parse: String, brief: "Results files, or folders of runs or suites", placeholder: "RESULT" },
    },
  },
  docs: {
    brief: "Compare results: intervals, paired differences, tests",
    fullDescription: `Compares methods on the same people. Results of one algorithm that differ in their seed alone are one method: each person's difference is
averaged over the seeds, then resampled over people (10,000 times) and tested by flipping signs of people; Holm's correction over methods.

Examples
  kshot compare kshot-runs/reports/kshot/20260101_120000            all algorithms of one run
  kshot compare kshot-runs/reports/suite --reference gru-finetuned  a whole suite
  kshot compare a/results/metasgd_K5_Q10.json b/results/gru_K5_Q10.json --metric mrr --window first
  kshot compare runs/reports/suite --json > comparison.json`,
  },
});
