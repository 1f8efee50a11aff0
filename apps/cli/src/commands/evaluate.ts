import { buildCommand } from "@stricli/core";
import { type EvaluateFlags, evaluateFlags } from "../flags/evaluate.js";
import { withExamples } from "./command.js";

export const evaluateCommand = withExamples(
  buildCommand<EvaluateFlags, []>({
    loader: async () => (await import("../run/evaluate.js")).runEvaluate,
    parameters: { aliases: { k: "k" }, flags: evaluateFlags },
    docs: {
      brief: "Evaluate a saved model: steps curve, K curve, both windows",
      fullDescription:
        "Adapts the model to each person's support pairs and ranks their query pairs, for each requested number of steps and of support pairs.",
    },
  }),
  [
    ["kshot evaluate --model RUN/models/metasgd/metasgd_gru_K5.safetensors --data data"],
    ["kshot evaluate --model model.safetensors --data data --k 1,2,3,4,5 --steps 0,5 --out k-curve.json"],
    ["kshot evaluate --model RUN --data data --first-k 0,1,2,3,4,5 --steps 5 --out clicks.json"],
    ["kshot evaluate --model RUN --data data --logits logits.parquet"],
  ],
);
