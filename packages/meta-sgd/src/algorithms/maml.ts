import type { MetaAlgorithm } from "./meta-algorithm.js";

/** MAML: only θ is learned, inner rates stay as given. Finn et al. 2017, algorithm 2. */
export const maml: MetaAlgorithm = {
  name: "maml",
  learnsRates: false,
  adapts: "all",
  gradient: "exact",
  headTerms: 1,
};
