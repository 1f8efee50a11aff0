/** Names of the meta-learners, as on the command line and in results. */
export type MetaAlgorithmName = "meta-sgd" | "maml" | "fomaml" | "reptile" | "anil" | "residual-maml";

/**
 * A meta-learner as a row of data: what sets it apart from the others over the one recursion and the one training loop.
 *
 * What adapts, and how rates are shared, are a mask and an expansion of α: `trainMeta` applies them where α is used and where
 * its gradient comes back, so that engines know nothing of them.
 */
export interface MetaAlgorithm {
  readonly name: MetaAlgorithmName;
  /** α is trained like θ and clamped after each step; otherwise its bits never change. */
  readonly learnsRates: boolean;
  /** What the inner loop changes: every tensor, or the output layer alone. A training may narrow it further. */
  readonly adapts: "all" | "head";
  /**
   * How θ's outer gradient is taken. `exact`: through the inner steps, at the order asked for. `first-order`: always without
   * Hessian-vector products. `displacement`: θ − θ_S, no query loss at all.
   */
  readonly gradient: "exact" | "first-order" | "displacement";
  /** The adapting head is a sum of this many tensors of its own shape, each with an outer step of its own. */
  readonly headTerms: 1 | 2;
}
