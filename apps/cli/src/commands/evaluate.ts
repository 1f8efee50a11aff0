import type { Window } from "@kshot/contract";
import { buildCommand } from "@stricli/core";
import { engineFlags } from "../engine-flags.js";
import { commaList, oneOf, wholeNumber, words } from "../parsers.js";

/** Flags of `evaluate`, as they arrive in `run/evaluate.ts`. */
export interface EvaluateFlags {
  readonly model: string;
  readonly data: string;
  readonly split: "val" | "test";
  readonly window: Window[];
  readonly steps: number[];
  readonly k?: number[];
  readonly device?: "cpu" | "gpu";
  readonly engine?: "auto" | "simd" | "tensor";
  readonly backend?: "cpu" | "wasm";
  readonly build?: "simd" | "relaxed-simd";
  readonly workers?: number;
  readonly out?: string;
}

export const evaluateCommand = buildCommand<EvaluateFlags, []>({
  loader: async () => (await import("../run/evaluate.js")).runEvaluate,
  parameters: {
    aliases: { k: "k" },
    flags: {
      model: {
        kind: "parsed",
        parse: String,
        placeholder: "FILE",
        brief: "A model's .safetensors; its α is read from the file beside it",
      },
      data: { kind: "parsed", parse: String, placeholder: "DIR", brief: "Data folder with the model's vocabulary" },
      split: {
        ...words(["val", "test"]),
        default: "val",
        brief: "People to evaluate on; each opening of test is counted in meta.json",
      },
      window: {
        kind: "parsed",
        parse: commaList(oneOf(["first", "last"]), "first or last"),
        default: "first,last",
        placeholder: "LIST",
        brief: "First or last pairs of a person",
      },
      steps: {
        kind: "parsed",
        parse: commaList(wholeNumber(), "numbers of steps"),
        default: "0,1,5,10,20,50",
        placeholder: "LIST",
        brief: "Numbers of inner steps; 0: zero-shot",
      },
      k: {
        kind: "parsed",
        parse: commaList(wholeNumber(), "numbers of support pairs"),
        optional: true,
        placeholder: "LIST",
        brief: "Numbers of support pairs, the last ones [all K]",
      },
      ...engineFlags,
      out: { kind: "parsed", parse: String, optional: true, placeholder: "FILE", brief: "Results JSON to write" },
    },
  },
  docs: {
    brief: "Evaluate a saved model: steps curve, K curve, both windows",
    fullDescription: `Examples
  kshot evaluate --model kshot-runs/reports/kshot/<run>/models/metasgd/metasgd_gru_K5.safetensors --data data
  kshot evaluate --model … --data data --k 1,2,3,4,5 --steps 0,5 --out k-curve.json`,
  },
});
