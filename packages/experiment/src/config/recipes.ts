import type { Settings } from "./settings.js";

/**
 * `--recipe best`: the settings that were best on the validation people of the campus and of a real MOOC (docs/study.md). A GRU
 * on sessions and one on whole histories are trained and fine-tuned; Meta-SGD starts from the one that is better on the
 * validation people. Its rates can be negative, and θ moves slowly. Steps and meta-training are kept only if their gain on the
 * validation people is significant for the number of settings tried (`maxZ`).
 */
export const bestRecipe = {
  algorithms: [
    ...(["popularity", "markov", "session-knn", "mixture"] as const),
    ...(["gru", "gru-finetuned", "gru-context", "meta-sgd", "hybrid"] as const),
  ],
  gru_config: { embedding_dim: 32, hidden_dim: 64 },
  gru_training: {
    ...{ learning_rate: 0.002, batch_size: 256, max_epochs: 60, patience: 5 },
    // Both kinds of dropout together are better than each alone (docs/decisions/2026-11-26-supervised-by-sessions.md).
    ...{ item_dropout: 0.25, state_dropout: 0.3, weight_decay: 0.0001, clip: 5 },
  },
  metasgd_config: {
    num_meta_iterations: 1500,
    eval_interval: 50,
    log_interval: 25,
    patience: 8,
    warm_start: "tuned",
    alpha_range: [-1, 1],
    outer_lr: 0.0003,
    alpha_lr: 0.001,
  },
} satisfies Settings;

/** Recipes by name. */
export const recipes: Readonly<Record<"best", Settings>> = { best: bestRecipe };

/**
 * The default algorithms of `train --data`: the learners, and strong baselines, namely counts alone and counts stacked with a
 * network.
 */
export const defaultAlgorithms = [
  ...(["popularity", "markov", "mixture"] as const),
  ...(["gru", "gru-context", "maml", "meta-sgd", "hybrid"] as const),
] satisfies Settings["algorithms"];
