import type { AskedMetric, Window } from "@kshot/contract";
import { type EngineFlags, engineFlags } from "./engine.js";
import {
  anonymousBrief,
  type FlagsOf,
  metricsFlag,
  optional,
  required,
  standard,
  standardWords,
  toggle,
} from "./flag.js";
import { commaList, oneOf, wholeNumber } from "./parsers.js";

/** Flags of `evaluate`. */
export interface EvaluateFlags extends EngineFlags {
  readonly model: string;
  readonly data: string;
  readonly split: "val" | "test";
  readonly window: Window[];
  readonly steps: number[];
  readonly k?: number[];
  readonly firstK?: number[];
  readonly swap: boolean;
  readonly metrics?: AskedMetric[];
  readonly anonymous: boolean;
  readonly out?: string;
  readonly lists?: string;
  readonly logits?: string;
}

export const evaluateFlags: FlagsOf<EvaluateFlags> = {
  model: required(
    "FILE|RUN",
    String,
    "A model's .safetensors, whose α is read from the file next to it; or a run's folder, for its model of the best validation MRR",
  ),
  data: required("DIR", String, "Data folder with the model's vocabulary"),
  split: standardWords(
    ["val", "test"],
    "val",
    "People to evaluate on; each evaluation of test people is counted in the data folder (openings.json) and in meta.json",
  ),
  window: standard(
    "LIST",
    commaList(oneOf(["first", "last"]), "first or last"),
    "first,last",
    "Windows: a person's first pairs, or the last pairs",
  ),
  steps: standard(
    "LIST",
    commaList(wholeNumber(), "numbers of steps"),
    "0,1,5,10,20,50",
    "Numbers of inner steps; 0 is zero-shot",
  ),
  k: optional(
    "LIST",
    commaList(wholeNumber(), "numbers of support pairs"),
    "Numbers of support pairs, the last before the queries",
    "all K",
  ),
  firstK: optional(
    "LIST",
    commaList(wholeNumber(), "numbers of support pairs"),
    "Also evaluate after a person's first k support pairs: the gain from each click",
    "none",
  ),
  swap: toggle(
    "Also evaluate with random other people's pairs instead of a person's own pairs; the difference is the personal part of the gain",
  ),
  metrics: metricsFlag(
    "Metrics to print and store, in addition to the usual five",
    "accuracy@1,recall@5,recall@10,ndcg@10,mrr",
  ),
  ...engineFlags,
  anonymous: toggle(anonymousBrief),
  out: optional("FILE", String, "Results JSON to write", "none is written"),
  lists: optional(
    "FILE",
    String,
    "The ten highest items of every query, with scores, after the model's own inner steps: .csv, .jsonl or .parquet",
    "none is written",
  ),
  logits: optional(
    "FILE",
    String,
    "The scores of all items for every query, a row for each query and item, after the model's own inner steps: .csv, .jsonl or .parquet",
    "none is written",
  ),
};
