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
    eval_epochs: 3,
    log_interval: 25,
    patience: 8,
    warm_start: "tuned",
    alpha_range: [-1, 1],
    outer_lr: 0.0003,
    alpha_lr: 0.001,
  },
} satisfies Settings;

/**
 * Networks that `--recipe best` tries on train people held out, the most promising first, from results on data of other sizes:
 * three sizes, then other dropouts.
 */
const networkSearch = {
  budget_minutes: 10,
  settings: [
    { gru_config: { embedding_dim: 32, hidden_dim: 64 }, gru_training: { item_dropout: 0.25, state_dropout: 0.3 } },
    { gru_config: { embedding_dim: 64, hidden_dim: 128 }, gru_training: { item_dropout: 0.25, state_dropout: 0.3 } },
    { gru_config: { embedding_dim: 64, hidden_dim: 128 }, gru_training: { item_dropout: 0.5, state_dropout: 0.3 } },
    { gru_config: { embedding_dim: 64, hidden_dim: 128 }, gru_training: { item_dropout: 0, state_dropout: 0.3 } },
    { gru_config: { embedding_dim: 128, hidden_dim: 256 }, gru_training: { item_dropout: 0.25, state_dropout: 0.3 } },
    { gru_config: { embedding_dim: 128, hidden_dim: 256 }, gru_training: { item_dropout: 0.5, state_dropout: 0.5 } },
  ],
} satisfies Settings["network_search"];

/** Recipes by name. `best` also searches for the network's size; its suite, with several seeds, does not. */
export const recipes: Readonly<Record<"best", Settings>> = { best: { ...bestRecipe, network_search: networkSearch } };

/**
 * The default algorithms of `train --data`: the learners, and strong baselines, namely counts alone and counts stacked with a
 * network.
 */
export const defaultAlgorithms = [
  ...(["popularity", "markov", "mixture"] as const),
  ...(["gru", "gru-context", "maml", "meta-sgd", "hybrid"] as const),
] satisfies Settings["algorithms"];
