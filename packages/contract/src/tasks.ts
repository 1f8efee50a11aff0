declare const batchBrand: unique symbol;

/** Examples in an engine's form: a prefix forest, a padded tensor. Opaque; valid for the engine that made it. */
export interface Batch {
  readonly [batchBrand]?: never;
  /** Number of examples B; the loss is their mean. */
  readonly size: number;
}

/** Support examples and query examples of one person. Built once, used often. */
export interface Task {
  readonly support: Batch;
  readonly query: Batch;
  /** Minibatches of the person's pairs, one for each of Reptile's inner steps. If omitted, each step uses the support examples. */
  readonly minibatches?: readonly Batch[];
}
