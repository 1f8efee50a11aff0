import { buildCommand } from "@stricli/core";
import { type CompareFlags, compareFlags } from "../flags/compare.js";
import { withExamples } from "./command.js";

export const compareCommand = withExamples(
  buildCommand<CompareFlags, string[]>({
    loader: async () => (await import("../run/compare.js")).runCompare,
    parameters: {
      flags: compareFlags,
      positional: {
        kind: "array",
        minimum: 1,
        parameter: { parse: String, placeholder: "RESULT", brief: "Results files, or folders of runs or suites" },
      },
    },
    docs: {
      brief: "Compare results: intervals, paired differences, tests",
      fullDescription:
        "Compares methods on the same people. Results of one algorithm that differ only in their seed are one method. Each person's difference is averaged over the seeds, resampled over people (2,000 times) and tested by random sign flips of people, with Holm's correction over all methods, windows and metrics.",
    },
  }),
  [
    ["kshot compare kshot-runs/reports/kshot/20260101_120000", "all algorithms of one run"],
    ["kshot compare kshot-runs/reports/suite --reference gru-finetuned", "a whole suite"],
    ["kshot compare a/results/metasgd_K5_Q10.json b/results/gru_K5_Q10.json --metric mrr --window first"],
    ["kshot compare runs/reports/suite --metric recall@20", "by any other metric"],
    ["kshot compare runs/reports/suite --json > comparison.json"],
  ],
);
