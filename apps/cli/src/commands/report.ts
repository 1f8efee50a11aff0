import { buildCommand } from "@stricli/core";
import { type ReportFlags, reportFlags } from "../flags/report.js";
import { withExamples } from "./command.js";

export const reportCommand = withExamples(
  buildCommand<ReportFlags, string[]>({
    loader: async () => (await import("../run/report.js")).runReport,
    parameters: {
      flags: reportFlags,
      positional: {
        kind: "array",
        minimum: 1,
        parameter: { parse: String, placeholder: "RESULT", brief: "Results files, or folders of runs or suites" },
      },
    },
    docs: {
      brief: "Put results into one HTML page",
      fullDescription:
        "Writes the report viewer with the results inside: one file that opens from disk without a network.",
    },
  }),
  [
    ["kshot report kshot-runs/reports/kshot/20260101_120000 --out report.html --open"],
    ["kshot report RUN --model RUN --out report.html"],
    ["kshot report RUN --anonymous --out report.html"],
    ["kshot report RUN --figures figures"],
    ["kshot report a/results/metasgd_K5_Q10.json b/results/gru_K5_Q10.json --out both.html"],
  ],
);
