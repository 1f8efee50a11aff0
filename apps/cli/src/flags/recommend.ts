import { type EngineFlags, engineFlags } from "./engine.js";
import { type FlagsOf, optional, required, several, standard, toggle } from "./flag.js";
import { wholeNumber } from "./parsers.js";

/** Flags of `recommend`. */
export interface RecommendFlags extends EngineFlags {
  readonly model: string;
  readonly history?: readonly string[];
  readonly historyFile?: string;
  readonly top: number;
  readonly newOnly: boolean;
  readonly json: boolean;
}

export const recommendFlags: FlagsOf<RecommendFlags> = {
  model: required(
    "FILE|RUN",
    String,
    "A model's .safetensors, whose α is read from the file beside it; or a run's folder, for its model of the best validation MRR",
  ),
  history: several("ITEM", String, "An item that the person met, by name or title; repeat the flag, oldest first"),
  historyFile: optional("JSON", String, "A list of items in a JSON file, or a list of sessions, each a list of items"),
  top: standard("N", wholeNumber(1), "10", "How many items"),
  newOnly: toggle("Leave out items of the history"),
  ...engineFlags,
  json: toggle("Print the items as JSON"),
};
