import type { MetaAlgorithm } from "./meta-algorithm.js";

/**
 * Reptile: θ moves towards each task's adapted parameters, by Adam on dθ = mean(θ − θ_S). A task is one set of examples that the model
 * adapts to; there is no query loss. Nichol, Achiam & Schulman 2018, algorithm 2 and section 3 (θ − θ_S as a gradient for Adam).
 */
export const reptile: MetaAlgorithm = {
  name: "reptile",
  learnsRates: false,
  adapts: "all",
  gradient: "displacement",
  headTerms: 1,
};
