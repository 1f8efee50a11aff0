import { buildCommand } from "@stricli/core";
import { type BenchFlags, benchFlags } from "../flags/bench.js";
import { withExamples } from "./command.js";

export const benchCommand = withExamples(
  buildCommand<BenchFlags, []>({
    loader: async () => (await import("../run/bench.js")).runBench,
    parameters: { flags: benchFlags },
    docs: {
      brief: "Time meta-training and one person's adaptation on this machine",
      fullDescription:
        "Exact second-order meta-iterations on random histories; docs/performance.md compares with other programs.",
    },
  }),
  [
    ["kshot bench"],
    ["kshot bench --workers 1"],
    ["kshot bench --history long --json"],
    ["kshot bench --engine tensor --iterations 5"],
    ["kshot bench --sweep --iterations 5 --figure sweep.svg"],
    ["kshot bench --supervised --hidden-dim 64 --embedding-dim 32 --batch-pairs 800"],
  ],
);
