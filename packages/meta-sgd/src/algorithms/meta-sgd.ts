import type { MetaAlgorithm } from "./meta-algorithm.js";

/** Meta-SGD: one learned inner rate per parameter, trained beside θ. Li et al. 2017, algorithm 1; the notebook's learner. */
export const metaSgd: MetaAlgorithm = {
  name: "meta-sgd",
  learnsRates: true,
  adapts: "all",
  gradient: "exact",
  headTerms: 1,
};
