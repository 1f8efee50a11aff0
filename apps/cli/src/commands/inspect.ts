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
      brief: "Show what a folder or file holds, and whether it is sound",
      fullDescription:
        "Reads and checks everything as the other commands do. Of a data folder it also says whether a person's other sessions tell anything that the query's own history does not: seconds to minutes, without a network. Exit code 3 if something is not sound.",
    },
  }),
  [
    ["kshot inspect data"],
    ["kshot inspect kshot-runs"],
    ["kshot inspect RUN/models/metasgd/metasgd_gru_K5.safetensors"],
    ["kshot inspect RUN/results/*.json"],
  ],
);
