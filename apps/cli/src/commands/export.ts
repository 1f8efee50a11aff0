import { buildCommand } from "@stricli/core";
import { type ExportFlags, exportFlags } from "../flags/export.js";
import { withExamples } from "./command.js";

export const exportCommand = withExamples(
  buildCommand<ExportFlags, []>({
    loader: async () => (await import("../run/export.js")).runExport,
    parameters: { flags: exportFlags },
    docs: {
      brief: "Write a model as ONNX, as trained or fitted to one person",
      fullDescription:
        "Writes θ as an ONNX graph: items and lengths in, logits out. An ONNX model takes no gradient steps. With --for it contains the weights after the steps on one person's history.",
    },
  }),
  [
    ["kshot export --model model.safetensors --onnx model.onnx"],
    ["kshot export --model RUN --onnx ada.onnx --for clicks.json", "fitted to the history in clicks.json"],
  ],
);
