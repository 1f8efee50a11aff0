import { buildCommand } from "@stricli/core";
import { type RecommendFlags, recommendFlags } from "../flags/recommend.js";
import { withExamples } from "./command.js";

export const recommendCommand = withExamples(
  buildCommand<RecommendFlags, []>({
    loader: async () => (await import("../run/recommend.js")).runRecommend,
    parameters: { flags: recommendFlags },
    docs: {
      brief: "Rank all items for one person or for many, after fitting the model to their clicks",
      fullDescription:
        "Fits the model to the person's last K (history → next) pairs with the model's inner steps, then ranks all items. With --events, each person of the files gets a list: user_id, rank, item_id, title, score, probability; a call that was stopped continues when the same command runs again.",
    },
  }),
  [
    ["kshot recommend --model RUN --history algebra-1 --history algebra-2 --history logic"],
    ["kshot recommend --model metasgd_gru_K5.safetensors --history-file clicks.json --top 5 --json"],
    ["kshot recommend --model RUN --events events.parquet --out lists.csv --new-only --unknown skip"],
  ],
);
