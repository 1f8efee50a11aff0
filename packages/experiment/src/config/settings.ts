import { usageError } from "@kshot/contract";
import { type Config, configSchema, parseFile } from "@kshot/contract/schemas";
import { isOwnStart } from "../algorithm-table.js";

type DeepPartial<T> = {
  [K in keyof T]?: T[K] extends readonly unknown[] ? T[K] : T[K] extends object ? DeepPartial<T[K]> : T[K];
};

/** Settings to lay over others: every key optional, groups merged key by key. */
export type Settings = DeepPartial<Config>;

/**
 * `demo`: the built-in campus and a small model, minutes on two cores. `notebook`: the notebook's own settings, which are
 * also the schema's defaults.
 */
export const presets: Readonly<Record<Config["preset"], Settings>> = {
  notebook: { preset: "notebook" },
  demo: {
    preset: "demo",
    algorithms: ["popularity", "markov", "gru", "maml", "meta-sgd", "ideal"],
    gru_config: { embedding_dim: 16, hidden_dim: 32 },
    gru_training: { batch_size: 128, max_epochs: 30, learning_rate: 0.005, patience: 4, item_dropout: 0.1 },
    // From the plain GRU: from scratch the same quality takes several times as many iterations.
    metasgd_config: {
      num_meta_iterations: 600,
      meta_batch_size: 16,
      eval_interval: 50,
      outer_lr: 0.002,
      inner_lr_init: 0.1,
      lr_clipping: [0.0001, 1],
      warm_start: "gru",
    },
  },
};

/**
 * The configuration of a run: preset, then recipe, then `--config FILE`, then flags; later ones win.
 *
 * @throws a `DATA` error for a file that does not fit the schema, a `USAGE` error for flags that do not.
 */
export function resolveConfig(layers: {
  preset?: Config["preset"];
  /** Settings between the preset and the file. */
  recipe?: Settings;
  file?: { path: string; content: unknown };
  flags?: Settings;
}): Config {
  let merged: Settings = {};
  if (layers.file) {
    // Checked alone first, so that a wrong key is reported against the file and not against the merged whole.
    parseFile(configSchema, layers.file.content, layers.file.path);
    merged = layers.file.content as Settings;
  }
  const preset = layers.preset ?? merged.preset ?? "notebook";
  const asked = merge(merged, layers.flags ?? {});
  const whole = merge(merge(presets[preset], layers.recipe ?? {}), asked);
  // A preset's own warm start needs its source in the run; asked for by a person, a missing source is an error of its own.
  const source = whole.metasgd_config?.warm_start;
  const trained: readonly string[] = whole.algorithms ?? [];
  if (source === "tuned" && layers.recipe !== undefined) {
    // A recipe brings what it starts from.
    whole.algorithms = [...new Set([...(["gru", "gru-context"] as const), ...(whole.algorithms ?? [])])];
  } else if (
    whole.metasgd_config &&
    source &&
    asked.metasgd_config?.warm_start === undefined &&
    !trained.includes(source)
  ) {
    whole.metasgd_config = { ...whole.metasgd_config, warm_start: null };
  }
  const parsed = configSchema.safeParse({ ...whole, preset });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw usageError({
      where: `setting ${issue?.path.join(".")}`,
      found: issue?.message ?? "does not fit",
      cause: parsed.error,
    });
  }
  const config = parsed.data;
  const [low, high] = config.metasgd_config.lr_clipping;
  const start = config.metasgd_config.inner_lr_init;
  if (config.algorithms.includes("meta-sgd") && (start < low || start > high)) {
    throw usageError({
      where: "inner_lr_init (--alpha-init)",
      found: `${start} lies outside lr_clipping (--alpha-range) ${low}, ${high}`,
      expected: "a starting rate inside the allowed range",
    });
  }
  const { alpha_init_range, warm_start } = config.metasgd_config;
  const drawn = alpha_init_range ?? [low, high];
  if (config.algorithms.includes("meta-sgd") && (drawn[0] < low || drawn[1] > high)) {
    throw usageError({
      where: "alpha_init_range",
      found: `${drawn.join(", ")} reaches beyond lr_clipping (--alpha-range) ${low}, ${high}`,
      expected: "starting rates inside the allowed range",
    });
  }
  const fastest = Math.max(...config.finetune_config.rates);
  if (config.algorithms.includes("meta-sgd") && warm_start === "tuned" && (low > 0 || high < fastest)) {
    throw usageError({
      where: "--warm-start tuned",
      found: `lr_clipping (--alpha-range) ${low}, ${high}`,
      expected: `a range with 0, the rate of what does not adapt, and ${fastest}, the fastest of finetune_config.rates`,
      todo: "Give --alpha-range -1,1, or --recipe best, which does",
    });
  }
  return config;
}

/**
 * The part of a configuration that decides the numbers: without ids, paths, and what merely computes them. A file that was started
 * from is "file": where it lay decides nothing.
 */
export function decidingConfig(config: Config) {
  const { $schema, notebook, run_tag, run_id, files, engine, device, backend, build, workers, ...rest } = config;
  const { warm_start } = rest.metasgd_config;
  if (warm_start === null || isOwnStart(warm_start)) return rest;
  return { ...rest, metasgd_config: { ...rest.metasgd_config, warm_start: "file" } };
}

function merge(below: Settings, above: Settings): Settings {
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    if (value === undefined) continue;
    const under = merged[key];
    merged[key] = isGroup(value) && isGroup(under) ? merge(under as Settings, value as Settings) : value;
  }
  return merged as Settings;
}

function isGroup(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
