import { type EngineFlags, engineFlags } from "./engine.js";
import { type FlagsOf, optional, optionalWords, required, several, standard, standardWords, toggle } from "./flag.js";
import { sessionGap, wholeNumber } from "./parsers.js";

/** Flags of `recommend`. */
export interface RecommendFlags extends EngineFlags {
  readonly model: string;
  readonly history?: readonly string[];
  readonly historyFile?: string;
  readonly events?: readonly string[];
  readonly out?: string;
  readonly user: string;
  readonly item: string;
  readonly time: string;
  readonly timeUnit?: "s" | "ms" | "us" | "ns";
  readonly timeFormat?: string;
  readonly sessionGap: number | null;
  readonly top: number;
  readonly newOnly: boolean;
  readonly unknown: "refuse" | "skip";
  readonly among?: string;
  readonly exclude?: string;
  readonly json: boolean;
}

export const recommendFlags: FlagsOf<RecommendFlags> = {
  model: required(
    "FILE|RUN",
    String,
    "A model's .safetensors; or a run's folder, for its model of the best validation MRR",
  ),
  history: several("ITEM", String, "An item that the person met, by name or title; repeat the flag, oldest first"),
  historyFile: optional("JSON", String, "A list of items in a JSON file, or a list of sessions, each a list of items"),
  events: several("FILE", String, "Files of events of many people, as prepare reads them; --out is then needed"),
  out: optional("FILE", String, "Where the lists of --events go: .csv, .jsonl or .parquet"),
  user: standard("COLUMN", String, "user", "Column of the person in --events"),
  item: standard("COLUMN", String, "item", "Column of the item in --events"),
  time: standard("COLUMN", String, "time", "Column of the time in --events"),
  timeUnit: optionalWords(["s", "ms", "us", "ns"], "Unit of the numbers in the time column", "told by their size"),
  timeFormat: optional("STRPTIME", String, "Form of the times, as '%d/%m/%Y %H:%M'", "ISO 8601 or numbers"),
  sessionGap: standard(
    "SECONDS|none",
    sessionGap,
    "1800",
    "Idle seconds that end a session of --events, as in prepare",
  ),
  top: standard("N", wholeNumber(1), "10", "How many items"),
  newOnly: toggle("Leave out items of the history"),
  unknown: standardWords(["refuse", "skip"], "refuse", "What happens to items that the model does not know"),
  among: optional("FILE", String, "Rank only these items: a JSON list, or text with one item a line", "all items"),
  exclude: optional("FILE", String, "Leave out these items: a JSON list, or text with one item a line", "none"),
  ...engineFlags,
  json: toggle("Print the items as JSON"),
};
