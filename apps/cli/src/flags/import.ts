import { type FlagsOf, optional, required, standard } from "./flag.js";
import { wholeNumber } from "./parsers.js";

/** Flags of `import`. */
export interface ImportFlags {
  readonly weights: string;
  readonly items: string;
  readonly titles?: string;
  readonly out: string;
  readonly k: number;
  readonly q: number;
  readonly maxPrefix: number;
}

export const importFlags: FlagsOf<ImportFlags> = {
  weights: required("FILE", String, "Safetensors: an embedding, a GRU of one or more layers, a linear output layer"),
  items: required("JSON", String, "Vocabulary: names to numbers 0 … n−1 as in course2id.json, or a list of names"),
  titles: optional("JSON", String, "Names to titles, or a list of titles in the order of the items", "none"),
  out: required("FILE", String, "Model file to write; an earlier imported one is replaced"),
  k: standard("N", wholeNumber(1), "5", "Support pairs of an episode, for evaluate"),
  q: standard("N", wholeNumber(1), "10", "Query pairs of an episode, for evaluate"),
  maxPrefix: standard(
    "N",
    wholeNumber(1),
    "50",
    "Largest number of items of a history that the model reads, the last ones",
  ),
};
