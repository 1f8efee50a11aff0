import { buildCommand } from "@stricli/core";

/** Flags of `inspect`, as they arrive in `run/inspect.ts`. */
export interface InspectFlags {
  readonly json: boolean;
}

export const inspectCommand = buildCommand<InspectFlags, string[]>({
  loader: async () => (await import("../run/inspect.js")).runInspect,
  parameters: {
    flags: { json: { kind: "boolean", default: false, brief: "Print it as JSON" } },
    positional: {
      kind: "array",
      minimum: 1,
      parameter: {
        parse: String,
        placeholder: "PATH",
        brief: "A data folder, project, run, checkpoint, model or results file",
      },
    },
  },
  docs: {
    brief: "What a folder or file holds, and whether it is sound",
    fullDescription: `Everything is read and checked as the other commands read it. Exit code 3 if something is not sound.

Examples
  kshot inspect data
  kshot inspect kshot-runs
  kshot inspect kshot-runs/reports/kshot/<run>/models/metasgd/metasgd_gru_K5.safetensors
  kshot inspect kshot-runs/reports/kshot/<run>/results/*.json`,
  },
});
