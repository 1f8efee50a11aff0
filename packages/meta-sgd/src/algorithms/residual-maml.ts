import type { MetaAlgorithm } from "./meta-algorithm.js";

/**
 * Residual MAML: logits = W h + b + ΔW h + Δb, where only Δ adapts and its start Δ₀ is learned.
 *
 * W and Δ enter as their sum alone, so both get the same gradient, and Adam, started alike, gives both the same step: the sum
 * moves twice as far as ANIL's head. That one tensor is what is kept (Δ₀ starts at 0); the law is tested against two tensors.
 */
export const residualMaml: MetaAlgorithm = {
  name: "residual-maml",
  learnsRates: false,
  adapts: "head",
  gradient: "exact",
  headTerms: 2,
};
