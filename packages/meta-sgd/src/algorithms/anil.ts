import type { MetaAlgorithm } from "./meta-algorithm.js";

/** ANIL: the inner loop changes the output layer alone; the body is learned, never adapted. Raghu et al. 2020, section 4. */
export const anil: MetaAlgorithm = {
  name: "anil",
  learnsRates: false,
  adapts: "head",
  gradient: "exact",
  headTerms: 1,
};
