import type { MetaAlgorithm } from "./meta-algorithm.js";

/** First-order MAML: dθ = ∇L_query(θ_S), for every `order`. Finn et al. 2017, section 5.2. */
export const fomaml: MetaAlgorithm = {
  name: "fomaml",
  learnsRates: false,
  adapts: "all",
  gradient: "first-order",
  headTerms: 1,
};
