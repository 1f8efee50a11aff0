/** Names of the meta-learners, as on the command line and in results. */
export type MetaAlgorithmName = "meta-sgd" | "maml" | "fomaml" | "reptile" | "anil" | "residual-maml";

/**
 * A meta-learner as data: its differences from the others, which share one recursion and one training loop.
 *
 * The adapting tensors are a mask of α, and shared rates are an expansion of α: `trainMeta` applies them where α is used and where
 * its gradient is returned, so engines need no code for them.
 */
export interface MetaAlgorithm {
  readonly name: MetaAlgorithmName;
  /** α is trained like θ and clamped after each step; otherwise its bits never change. */
  readonly learnsRates: boolean;
  /** The tensors that the inner loop changes: all, or only the output layer. The settings of a training can limit it further. */
  readonly adapts: "all" | "head";
  /**
   * How θ's outer gradient is computed. `exact`: through the inner steps, with the given order. `first-order`: always without
   * Hessian-vector products. `displacement`: θ − θ_S, no query loss at all.
   */
  readonly gradient: "exact" | "first-order" | "displacement";
  /** The adapting head is the sum of this many tensors of equal shape, each with its own outer step. */
  readonly headTerms: 1 | 2;
}
