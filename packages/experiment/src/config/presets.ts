import type { Config } from "@kshot/contract/schemas";
import type { Settings } from "./settings.js";

/**
 * `demo`: the built-in campus and a small model, minutes on two cores. `notebook`: the settings of docs/notebook.md, which are
 * also the schema's defaults.
 */
export const presets: Readonly<Record<Config["preset"], Settings>> = {
  notebook: { preset: "notebook" },
  demo: {
    preset: "demo",
    algorithms: ["popularity", "markov", "gru", "maml", "meta-sgd", "ideal"],
    gru_config: { embedding_dim: 16, hidden_dim: 32 },
    gru_training: { batch_size: 128, max_epochs: 30, learning_rate: 0.005, patience: 4, item_dropout: 0.1 },
    // Training starts from the plain GRU: without it, the same quality takes several times as many iterations.
    metasgd_config: {
      num_meta_iterations: 600,
      meta_batch_size: 16,
      eval_interval: 50,
      outer_lr: 0.002,
      inner_lr_init: 0.1,
      alpha_range: [0.0001, 1],
      warm_start: "gru",
    },
  },
};
