import { buildCommand } from "@stricli/core";
import { engineFlags } from "../engine-flags.js";
import { wholeNumber, words } from "../parsers.js";

/** Flags of `bench`, as they arrive in `run/bench.ts`. */
export interface BenchFlags {
  readonly items: number;
  readonly embeddingDim: number;
  readonly hiddenDim: number;
  readonly tasks: number;
  readonly innerSteps: number;
  readonly iterations: number;
  readonly history: "nested" | "long";
  readonly device?: "cpu" | "gpu";
  readonly engine?: "auto" | "simd" | "tensor";
  readonly backend?: "cpu" | "wasm";
  readonly build?: "simd" | "relaxed-simd";
  readonly workers?: number;
  readonly json: boolean;
}

const size = (standard: number, brief: string) =>
  ({ kind: "parsed", parse: wholeNumber(1), default: String(standard), placeholder: "N", brief }) as const;

export const benchCommand = buildCommand<BenchFlags, []>({
  loader: async () => (await import("../run/bench.js")).runBench,
  parameters: {
    flags: {
      items: size(343, "Items"),
      embeddingDim: size(64, "Width of the embedding"),
      hiddenDim: size(128, "Width of the GRU's state"),
      tasks: size(32, "People per meta-iteration"),
      innerSteps: size(5, "Inner gradient steps"),
      iterations: size(20, "Meta-iterations to time"),
      history: {
        ...words(["nested", "long"]),
        default: "nested",
        brief: "nested: support prefixes of 1…5 items, query 6…15; long: every prefix 50 items, nothing shared",
      },
      ...engineFlags,
      json: { kind: "boolean", default: false, brief: "Print it as JSON" },
    },
  },
  docs: {
    brief: "Time meta-training and one person's adaptation on this machine",
    fullDescription: `Exact second-order meta-iterations on random histories; docs/performance.md compares with other programs.

Examples
  kshot bench
  kshot bench --workers 1
  kshot bench --history long --json
  kshot bench --engine tensor --iterations 5`,
  },
});
