import type { Suite } from "@kshot/contract/schemas";
import { bestRecipe } from "../config/index.js";

const { algorithms: _, ...settings } = bestRecipe;

/**
 * The built-in suite (`train --suite default`): every baseline and learner with three seeds. Learners start from the plain GRU of
 * their seed and stop early; `best` is the recipe of the same name.
 */
export const defaultSuite: Suite = {
  format: "kshot.suite/1",
  seeds: [1, 2, 3],
  reference: "gru",
  settings: { ...settings },
  runs: [
    {
      name: "best",
      algorithms: [
        "popularity",
        "recent",
        "markov",
        "item-knn",
        "session-knn",
        "mixture",
        "gru",
        "gru-finetuned",
        "gru-context",
        "meta-sgd",
        "hybrid",
      ],
      settings: {},
    },
    {
      name: "from-gru",
      algorithms: ["meta-sgd"],
      settings: { metasgd_config: { warm_start: "gru", inner_lr_init: 0.1, outer_lr: 0.001, alpha_lr: 0.003 } },
    },
    {
      name: "maml-family",
      algorithms: ["maml", "fomaml", "reptile", "anil", "residual-maml"],
      settings: {
        metasgd_config: { warm_start: "gru", inner_lr_init: 0.03, num_meta_iterations: 500, patience: 4 },
      },
    },
  ],
};
