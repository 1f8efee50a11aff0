import type { MetaAlgorithm } from "./meta-algorithm.js";

/** Meta-SGD: one inner rate per parameter, learned together with θ. Li et al. 2017, algorithm 1. */
export const metaSgd: MetaAlgorithm = {
  name: "meta-sgd",
  learnsRates: true,
  adapts: "all",
  gradient: "exact",
  headTerms: 1,
};
