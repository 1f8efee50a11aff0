import { buildCommand } from "@stricli/core";

/** Flags of `report`. */
export interface ReportFlags {
  readonly out: string;
  readonly open: boolean;
}

export const reportCommand = buildCommand<ReportFlags, string[]>({
  loader: async () => (await import("../run/report.js")).runReport,
  parameters: {
    flags: {
      out: { kind: "parsed", parse: String, placeholder: "FILE.html", brief: "Page to write" },
      open: { kind: "boolean", default: false, withNegated: false, brief: "Open it in the browser" },
    },
    positional: {
      kind: "array",
      minimum: 1,
      parameter: { parse: String, brief: "Results files, or folders of runs or suites", placeholder: "RESULT" },
    },
  },
  docs: {
    brief: "Put results into one HTML page",
    fullDescription: `Writes the report viewer with the results inside: one file that opens from disk and asks for nothing.

Examples
  kshot report kshot-runs/reports/kshot/20260101_120000 --out report.html --open
  kshot report a/results/metasgd_K5_Q10.json b/results/gru_K5_Q10.json --out both.html`,
  },
});
