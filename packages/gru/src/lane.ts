import type { PrefixForest } from "@kshot/gru-layout";

/** What one entry of the leading task axis holds: examples that are evaluated at one θ. */
export interface Lane {
  readonly forest: PrefixForest;
  /** 1 for each pair whose state is read as zero (the notebook's readout); null: none. `[pairs]` */
  readonly blank: Uint8Array | null;
}
