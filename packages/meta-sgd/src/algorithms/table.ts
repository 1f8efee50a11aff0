import { anil } from "./anil.js";
import { fomaml } from "./fomaml.js";
import { maml } from "./maml.js";
import type { MetaAlgorithm, MetaAlgorithmName } from "./meta-algorithm.js";
import { metaSgd } from "./meta-sgd.js";
import { reptile } from "./reptile.js";
import { residualMaml } from "./residual-maml.js";

/** Every meta-learner by name; the law tests walk it. */
export const metaAlgorithms: Readonly<Record<MetaAlgorithmName, MetaAlgorithm>> = {
  "meta-sgd": metaSgd,
  maml,
  fomaml,
  reptile,
  anil,
  "residual-maml": residualMaml,
};
