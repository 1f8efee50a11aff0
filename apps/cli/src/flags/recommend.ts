import { type EngineFlags, engineFlags } from "./engine.js";
import { type FlagsOf, optional, several, toggle } from "./flag.js";
import { type EventColumnFlags, eventColumnFlags, type RankingFlags, rankingFlags, rankingModel } from "./ranking.js";

/** Flags of `recommend`. */
export interface RecommendFlags extends EngineFlags, EventColumnFlags, RankingFlags {
  readonly model: string;
  readonly history?: readonly string[];
  readonly historyFile?: string;
  readonly events?: readonly string[];
  readonly out?: string;
  readonly json: boolean;
}

export const recommendFlags: FlagsOf<RecommendFlags> = {
  model: rankingModel,
  history: several("ITEM", String, "An item of the person's history, by name or title; repeat the flag, oldest first"),
  historyFile: optional("JSON", String, "A list of items in a JSON file, or a list of sessions, each a list of items"),
  events: several("FILE", String, "Files of events of many people, as prepare reads them; needs --out"),
  out: optional("FILE", String, "File for the lists of --events: .csv, .jsonl or .parquet"),
  ...eventColumnFlags(" in --events"),
  ...rankingFlags("refuse"),
  ...engineFlags,
  json: toggle("Print the items as JSON"),
};
