import type { Suite } from "@kshot/contract/schemas";

/**
 * The suite that ships (`train --suite default`): every baseline and learner with three seeds. Learners start from the plain GRU of
 * their seed and stop early; Meta-SGD and MAML once more from scratch, as in the notebook, and on top of the GRU that reads the
 * support pairs.
 */
export const defaultSuite: Suite = {
  format: "kshot.suite/1",
  seeds: [1, 2, 3],
  reference: "gru",
  settings: {
    gru_config: { embedding_dim: 32, hidden_dim: 64 },
    gru_training: { learning_rate: 0.003, batch_size: 256, max_epochs: 30, patience: 4, item_dropout: 0.3 },
    metasgd_config: {
      num_meta_iterations: 1500,
      eval_interval: 100,
      patience: 6,
      log_interval: 20,
      warm_start: "gru",
      inner_lr_init: 0.1,
      lr_clipping: [-1, 1],
      outer_lr: 0.001,
      alpha_lr: 0.003,
    },
  },
  runs: [
    {
      name: "baselines",
      algorithms: ["popularity", "recent", "markov", "item-knn", "session-knn", "gru", "gru-finetuned", "gru-context"],
      settings: {},
    },
    { name: "meta-sgd", algorithms: ["meta-sgd"], settings: {} },
    {
      name: "maml-family",
      algorithms: ["maml", "fomaml", "reptile", "anil", "residual-maml"],
      settings: { metasgd_config: { inner_lr_init: 0.03, outer_lr: 0.0003, num_meta_iterations: 800 } },
    },
    {
      name: "with-context",
      algorithms: ["maml", "meta-sgd"],
      settings: {
        metasgd_config: {
          warm_start: "gru-context",
          context: true,
          inner_lr_init: 0.03,
          outer_lr: 0.0003,
          alpha_lr: 0.001,
          num_meta_iterations: 800,
        },
      },
    },
  ],
};
