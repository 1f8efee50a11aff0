import { buildCommand } from "@stricli/core";
import { engineFlags } from "../engine-flags.js";
import { wholeNumber } from "../parsers.js";

/** Flags of `recommend`, as they arrive in `run/recommend.ts`. */
export interface RecommendFlags {
  readonly model: string;
  readonly history?: string[];
  readonly historyFile?: string;
  readonly top: number;
  readonly newOnly: boolean;
  readonly device?: "cpu" | "gpu";
  readonly engine?: "auto" | "simd" | "tensor";
  readonly backend?: "cpu" | "wasm";
  readonly build?: "simd" | "relaxed-simd";
  readonly workers?: number;
  readonly json: boolean;
}

export const recommendCommand = buildCommand<RecommendFlags, []>({
  loader: async () => (await import("../run/recommend.js")).runRecommend,
  parameters: {
    flags: {
      model: {
        kind: "parsed",
        parse: String,
        placeholder: "FILE",
        brief: "A model's .safetensors; its α is read from the file beside it",
      },
      history: {
        kind: "parsed",
        parse: String,
        variadic: true,
        optional: true,
        placeholder: "ITEM",
        brief: "An item that the person met, by name or title; repeat it, oldest first",
      },
      historyFile: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "JSON",
        brief: "A list of items in a JSON file, or a list of sessions, each a list of items",
      },
      top: { kind: "parsed", parse: wholeNumber(1), default: "10", placeholder: "N", brief: "How many items" },
      newOnly: { kind: "boolean", default: false, brief: "Leave out items of the history" },
      ...engineFlags,
      json: { kind: "boolean", default: false, brief: "Print it as JSON" },
    },
  },
  docs: {
    brief: "What fits one person: the model, fitted to their clicks",
    fullDescription: `The last K (history → next) pairs fit the model to the person by its own inner steps; then all items are ranked.

Examples
  kshot recommend --model metasgd_gru_K5.safetensors --history algebra-1 --history algebra-2 --history logic
  kshot recommend --model metasgd_gru_K5.safetensors --history-file clicks.json --top 5 --json`,
  },
});
