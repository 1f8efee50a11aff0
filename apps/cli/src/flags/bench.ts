import { type EngineFlags, engineFlags } from "./engine.js";
import { type FlagsOf, optional, standard, standardWords, toggle } from "./flag.js";
import { wholeNumber } from "./parsers.js";

/** Flags of `bench`. */
export interface BenchFlags extends EngineFlags {
  readonly items: number;
  readonly embeddingDim: number;
  readonly hiddenDim: number;
  readonly tasks: number;
  readonly innerSteps: number;
  readonly iterations: number;
  readonly history: "nested" | "long";
  readonly supervised: boolean;
  readonly sweep: boolean;
  readonly figure?: string;
  readonly batchPairs: number;
  readonly data?: string;
  readonly json: boolean;
}

const size = (value: number, brief: string) => standard("N", wholeNumber(1), String(value), brief);

export const benchFlags: FlagsOf<BenchFlags> = {
  items: size(343, "Items"),
  embeddingDim: size(64, "Size of the embedding"),
  hiddenDim: size(128, "Size of the GRU's state"),
  tasks: size(32, "People per meta-iteration"),
  innerSteps: size(5, "Inner gradient steps"),
  iterations: size(20, "Meta-iterations to time"),
  history: standardWords(
    ["nested", "long"],
    "nested",
    "nested: support prefixes of 1 to 5 items, query prefixes of 6 to 15; long: every prefix has 50 items, none shared",
  ),
  supervised: toggle("Also time supervised training of the plain GRU on whole sessions"),
  batchPairs: size(256, "With --supervised: pairs in a minibatch"),
  data: optional(
    "DIR",
    String,
    "With --supervised: train pairs of this data folder",
    "random sessions, 5.6 pairs each",
  ),
  sweep: toggle(
    "Measure the time for several numbers of items, lengths of histories, numbers of people and numbers of threads",
  ),
  figure: optional("FILE.svg", String, "With --sweep: draw the times, both scales logarithmic"),
  ...engineFlags,
  json: toggle("Print the figures as JSON"),
};
