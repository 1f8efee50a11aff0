import { anil } from "./anil.js";
import { fomaml } from "./fomaml.js";
import { maml } from "./maml.js";
import type { MetaAlgorithm, MetaAlgorithmName } from "./meta-algorithm.js";
import { metaSgd } from "./meta-sgd.js";
import { reptile } from "./reptile.js";
import { residualMaml } from "./residual-maml.js";

/** Every meta-learner by name. Tests run over this table. */
export const metaAlgorithms: Readonly<Record<MetaAlgorithmName, MetaAlgorithm>> = {
  "meta-sgd": metaSgd,
  maml,
  fomaml,
  reptile,
  anil,
  "residual-maml": residualMaml,
};
