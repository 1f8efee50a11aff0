import { type FlagsOf, optional, optionalWords, required, severalRequired, standard } from "./flag.js";
import { type PlanFlags, planFlags } from "./fleet.js";
import { wholeNumber } from "./parsers.js";
import { type EventColumnFlags, eventColumnFlags, type RankingFlags, rankingFlags, rankingModel } from "./ranking.js";

/** Flags of `population plan`. */
export interface PopulationPlanFlags extends PlanFlags, EventColumnFlags, RankingFlags {
  readonly events: readonly string[];
  readonly model: string;
  readonly shards: number;
  readonly out: string;
  readonly to?: string;
  readonly build?: "simd" | "relaxed-simd";
}

export const populationPlanFlags: FlagsOf<PopulationPlanFlags> = {
  events: severalRequired("FILE", String, "Files of events of many people, as prepare reads them; patterns in quotes"),
  model: rankingModel,
  shards: standard("N", wholeNumber(1, 100_000), "64", "Number of shards, each a cell"),
  out: required("DIR", String, "Folder of the plan and of its output; shared by all machines"),
  to: optional(
    "s3://BUCKET/PREFIX",
    String,
    "Target for the upload of finished shards",
    "they stay in the folder of the plan",
  ),
  ...eventColumnFlags(),
  ...rankingFlags("skip"),
  build: optionalWords(["simd", "relaxed-simd"], "WebAssembly build of the engine", "the fastest that this Node runs"),
  ...planFlags,
};
