import { buildCommand } from "@stricli/core";
import { type SynthFlags, synthFlags } from "../flags/synth.js";
import { withExamples } from "./command.js";

export const synthCommand = withExamples(
  buildCommand<SynthFlags, []>({
    loader: async () => (await import("../run/synth.js")).runSynth,
    parameters: { flags: synthFlags },
    docs: {
      brief: "Write the events of the synthetic campus",
      fullDescription:
        "Simulates people who differ in their tastes and in their order of courses. docs/campus.md describes the model.",
    },
  }),
  [
    ["kshot synth --out events"],
    ["kshot synth --users 5000 --items 200 --taste 0 --out null-campus"],
    [
      "kshot prepare --input events/events.csv --titles events/items.csv:item:title --campus events/campus.json --out data",
    ],
  ],
);
