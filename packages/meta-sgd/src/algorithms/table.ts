import { maml } from "./maml.js";
import type { MetaAlgorithm } from "./meta-algorithm.js";
import { metaSgd } from "./meta-sgd.js";

/** Every meta-learner by name; the law tests walk it. */
export const metaAlgorithms: Readonly<Record<MetaAlgorithm["name"], MetaAlgorithm>> = { "meta-sgd": metaSgd, maml };
