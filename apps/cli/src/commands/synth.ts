import { buildCommand } from "@stricli/core";
import { decimal, seed, wholeNumber } from "../parsers.js";

/** Flags of `synth`, as they arrive in `run/synth.ts`. */
export interface SynthFlags {
  readonly out: string;
  readonly users?: number;
  readonly items?: number;
  readonly taste?: number;
  readonly dataSeed: number;
}

export const synthCommand = buildCommand<SynthFlags, []>({
  loader: async () => (await import("../run/synth.js")).runSynth,
  parameters: {
    flags: {
      out: {
        kind: "parsed",
        parse: String,
        placeholder: "DIR",
        brief: "Folder to write: events.csv, items.csv, campus.json",
      },
      users: { kind: "parsed", parse: wholeNumber(1), optional: true, placeholder: "N", brief: "People" },
      items: { kind: "parsed", parse: wholeNumber(1), optional: true, placeholder: "N", brief: "Courses" },
      taste: {
        kind: "parsed",
        parse: decimal(),
        optional: true,
        placeholder: "0…1",
        brief: "How much people differ; 0: not at all",
      },
      dataSeed: { kind: "parsed", parse: seed, default: "42", placeholder: "N", brief: "Seed of campus and people" },
    },
  },
  docs: {
    brief: "Write the events of the synthetic campus",
    fullDescription: `People who differ for good in their tastes and in how they move through the courses; docs/campus.md has the model.

Examples
  kshot synth --out events
  kshot synth --users 5000 --items 200 --taste 0 --out null-campus
  kshot prepare --input events/events.csv --titles events/items.csv:item:title --campus events/campus.json --out data`,
  },
});
