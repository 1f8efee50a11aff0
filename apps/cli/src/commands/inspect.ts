import { buildCommand } from "@stricli/core";
import { type InspectFlags, inspectFlags } from "../flags/inspect.js";
import { withExamples } from "./command.js";

export const inspectCommand = withExamples(
  buildCommand<InspectFlags, string[]>({
    loader: async () => (await import("../run/inspect.js")).runInspect,
    parameters: {
      flags: inspectFlags,
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
      brief: "Show the content of a folder or file, and whether it is valid",
      fullDescription:
        "Reads and checks everything as the other commands do. For a data folder it also measures whether a person's other sessions improve the prediction: seconds to minutes, without a network. Exit code 3 if something is invalid.",
    },
  }),
  [
    ["kshot inspect data"],
    ["kshot inspect kshot-runs"],
    ["kshot inspect RUN/models/metasgd/metasgd_gru_K5.safetensors"],
    ["kshot inspect RUN/results/*.json"],
  ],
);
