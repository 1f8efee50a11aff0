/**
 * A meta-learner as a row of data: what sets it apart from the others over the one recursion and the one training loop.
 *
 * A relative that adapts only some parameters, or shares one rate among many, is a row with a field of its own here (a mask
 * or an expansion of α), read by `trainMeta` where α is used and where its gradient comes back.
 */
export interface MetaAlgorithm {
  /** Its name on the command line and in results. */
  readonly name: "meta-sgd" | "maml";
  /** α is trained like θ and clamped after each step; otherwise its bits never change. */
  readonly learnsRates: boolean;
}
