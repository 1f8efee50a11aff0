import type { MetaAlgorithm } from "./meta-algorithm.js";

/**
 * Reptile: θ moves towards each task's adapted parameters, by Adam on dθ = mean(θ − θ_S). The inner
 * steps take minibatches of all of a person's pairs in turn; no query loss is differentiated. Nichol, Achiam & Schulman 2018, algorithm 2 and section 4 (θ − θ_S as a gradient for Adam).
 */
export const reptile: MetaAlgorithm = {
  name: "reptile",
  learnsRates: false,
  adapts: "all",
  gradient: "displacement",
  headTerms: 1,
};
