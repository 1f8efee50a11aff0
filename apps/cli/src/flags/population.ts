import {
  type FlagsOf,
  optional,
  optionalWords,
  required,
  severalRequired,
  standard,
  standardWords,
  toggle,
} from "./flag.js";
import { type PlanFlags, planFlags } from "./fleet.js";
import { sessionGap, wholeNumber } from "./parsers.js";

/** Flags of `population plan`. */
export interface PopulationPlanFlags extends PlanFlags {
  readonly events: readonly string[];
  readonly model: string;
  readonly shards: number;
  readonly out: string;
  readonly to?: string;
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
  readonly build?: "simd" | "relaxed-simd";
}

export const populationPlanFlags: FlagsOf<PopulationPlanFlags> = {
  events: severalRequired("FILE", String, "Files of events of many people, as prepare reads them; patterns in quotes"),
  model: required(
    "FILE|RUN",
    String,
    "A model's .safetensors; or a run's folder, for its model of the best validation MRR",
  ),
  shards: standard("N", wholeNumber(1, 100_000), "64", "Into how many cells people are cut"),
  out: required("DIR", String, "Folder of the plan and of all it puts out; shared by all machines"),
  to: optional(
    "s3://BUCKET/PREFIX",
    String,
    "Where finished shards are uploaded to, whole",
    "they stay in the folder of the plan",
  ),
  user: standard("COLUMN", String, "user", "Column of the person"),
  item: standard("COLUMN", String, "item", "Column of the item"),
  time: standard("COLUMN", String, "time", "Column of the time"),
  timeUnit: optionalWords(["s", "ms", "us", "ns"], "Unit of the numbers in the time column", "told by their size"),
  timeFormat: optional("STRPTIME", String, "Form of the times, as '%d/%m/%Y %H:%M'", "ISO 8601 or numbers"),
  sessionGap: standard("SECONDS|none", sessionGap, "1800", "Idle seconds that end a session, as in prepare"),
  top: standard("N", wholeNumber(1), "10", "How many items"),
  newOnly: toggle("Leave out items of the history"),
  unknown: standardWords(["refuse", "skip"], "skip", "What happens to items that the model does not know"),
  among: optional("FILE", String, "Rank only these items: a JSON list, or text with one item a line", "all items"),
  exclude: optional("FILE", String, "Leave out these items: a JSON list, or text with one item a line", "none"),
  build: optionalWords(["simd", "relaxed-simd"], "WebAssembly build of the engine", "the fastest that this Node runs"),
  ...planFlags,
};
