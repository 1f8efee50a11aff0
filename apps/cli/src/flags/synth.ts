import { type FlagsOf, optional, required, standard } from "./flag.js";
import { decimal, seed, wholeNumber } from "./parsers.js";

/** Flags of `synth`. */
export interface SynthFlags {
  readonly out: string;
  readonly users?: number;
  readonly items?: number;
  readonly taste?: number;
  readonly dataSeed: number;
}

export const synthFlags: FlagsOf<SynthFlags> = {
  out: required("DIR", String, "Folder to write: events.csv, items.csv, campus.json"),
  users: optional("N", wholeNumber(1), "People", "3000"),
  items: optional("N", wholeNumber(1), "Courses", "96"),
  taste: optional("0…1", decimal(), "How much people differ; 0: not at all", "1: fully"),
  dataSeed: standard("N", seed, "42", "Seed of the campus and its people"),
};
