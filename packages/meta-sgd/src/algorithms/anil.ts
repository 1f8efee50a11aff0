import type { MetaAlgorithm } from "./meta-algorithm.js";

/** ANIL: the inner loop changes only the output layer; the other layers are learned but do not adapt. Raghu et al. 2020, section 4. */
export const anil: MetaAlgorithm = {
  name: "anil",
  learnsRates: false,
  adapts: "head",
  gradient: "exact",
  headTerms: 1,
};
