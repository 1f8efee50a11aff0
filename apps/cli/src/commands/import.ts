import { buildCommand } from "@stricli/core";
import { type ImportFlags, importFlags } from "../flags/import.js";
import { withExamples } from "./command.js";

export const importCommand = withExamples(
  buildCommand<ImportFlags, []>({
    loader: async () => (await import("../run/import.js")).runImport,
    parameters: { aliases: { k: "k", q: "q" }, flags: importFlags },
    docs: {
      brief: "Import the weights of a PyTorch GRU",
      fullDescription:
        "Reads safetensors of nn.Embedding, nn.GRU and nn.Linear (F32, F16, BF16, F64) and writes a model for recommend, evaluate, serve and --warm-start. Sizes are read from the shapes.",
    },
  }),
  [["kshot import --weights gru.safetensors --items course2id.json --titles titles.json --out model.safetensors"]],
);
