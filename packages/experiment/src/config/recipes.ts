import type { Settings } from "./settings.js";

/**
 * `--recipe best`: what won on the validation people of the campus and of a real MOOC (docs/study.md). A GRU on sessions and one on whole
 * histories; the better of the two, fine-tuned in the way that the validation people choose, is where Meta-SGD starts; its rates are free
 * to be negative, and θ moves slowly. Steps and meta-training must earn their place: two standard errors on the validation people.
 */
export const bestRecipe = {
  algorithms: ["popularity", "markov", "session-knn", "gru", "gru-finetuned", "gru-context", "meta-sgd"],
  gru_config: { embedding_dim: 32, hidden_dim: 64 },
  gru_training: { learning_rate: 0.002, batch_size: 128, max_epochs: 40, patience: 5, item_dropout: 0.25 },
  metasgd_config: {
    num_meta_iterations: 1500,
    eval_interval: 50,
    log_interval: 25,
    patience: 8,
    warm_start: "tuned",
    lr_clipping: [-1, 1],
    outer_lr: 0.0003,
    alpha_lr: 0.001,
  },
} satisfies Settings;

/** Recipes by name. */
export const recipes: Readonly<Record<"best", Settings>> = { best: bestRecipe };
