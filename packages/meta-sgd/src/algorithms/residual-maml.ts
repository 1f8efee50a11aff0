import type { MetaAlgorithm } from "./meta-algorithm.js";

/**
 * Residual MAML: logits = W h + b + ΔW h + Δb, where only Δ adapts and its start Δ₀ is learned.
 *
 * Only the sum W + Δ is used, so both get the same gradient, and Adam with equal moments gives both the same step. The sum
 * therefore moves twice as far as ANIL's head. Only the sum is stored (Δ₀ starts at 0). A test compares it with two tensors.
 */
export const residualMaml: MetaAlgorithm = {
  name: "residual-maml",
  learnsRates: false,
  adapts: "head",
  gradient: "exact",
  headTerms: 2,
};
