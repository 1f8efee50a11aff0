import { isNetwork } from "@kshot/comparison";
import { isRecord, usageError } from "@kshot/contract";
import { type Config, configSchema, parseFile, withCurrentNames } from "@kshot/contract/schemas";
import { presets } from "./presets.js";
import { mergeSettings, type Settings } from "./settings.js";
import { warmStartOf } from "./warm-start.js";

/** Sources of a run's settings; later ones override earlier ones. */
export interface ConfigLayers {
  /** Default: the file's, else `notebook`. */
  readonly preset?: Config["preset"];
  /** Settings over the preset's. */
  readonly recipe?: Settings;
  /** The content of a configuration file, not yet checked. */
  readonly file?: { readonly path: string; readonly content: unknown };
  /** Settings of the command line. */
  readonly flags?: Settings;
}

/**
 * The configuration of a run: preset, then recipe, then file, then flags; later ones override earlier ones.
 *
 * @throws `DATA` for a file that the schema refuses; `USAGE` for flags that it refuses, and for settings that contradict each other.
 * @example
 * ```js
 * import { resolveConfig } from "@kshot/experiment";
 *
 * const config = resolveConfig({ preset: "demo", flags: { K: 3, metasgd_config: { num_inner_steps: 2 } } });
 * console.log(config.K, config.metasgd_config.num_inner_steps, config.metasgd_config.order); // 3 2 2
 * ```
 */
export function resolveConfig(layers: ConfigLayers): Config {
  const ownFile = layers.file === undefined ? {} : settingsOfFile(layers.file);
  const preset = layers.preset ?? ownFile.preset ?? "notebook";
  const asked = mergeSettings(ownFile, layers.flags ?? {});
  const recipe = withGivenIterations(withoutNeedlessSearch(layers.recipe ?? {}, asked), asked);
  const whole = mergeSettings(mergeSettings(presets[preset], recipe), asked);
  requireSearch(whole);
  const started = withStart(whole, asked, layers.recipe !== undefined);
  const parsed = configSchema.safeParse({ ...withNetworks(started), preset });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw usageError({
      where: `setting ${issue?.path.join(".")}`,
      found: issue?.message ?? "does not fit",
      cause: parsed.error,
    });
  }
  requireRates(parsed.data);
  return parsed.data;
}

/** The settings of a file, without defaults. The file is checked alone, so that the error for a wrong key names the file. */
function settingsOfFile({ path, content }: NonNullable<ConfigLayers["file"]>): Settings {
  return givenIn(withCurrentNames(content), parseFile(configSchema, content, path));
}

/** The checked values of the keys that `content` has, group by group. */
function givenIn(content: unknown, checked: Readonly<Record<string, unknown>>): Record<string, unknown> {
  if (!isRecord(content)) return {};
  const given: Record<string, unknown> = {};
  for (const [key, own] of Object.entries(content)) {
    const value = checked[key];
    given[key] = isRecord(value) ? givenIn(own, value) : value;
  }
  return given;
}

/**
 * A recipe that starts from fine-tuning adds the networks to tune. The start of a preset or recipe is dropped if the run
 * does not train its network. A requested start is kept, and a missing network is an error later.
 */
function withStart(whole: Settings, asked: Settings, isRecipe: boolean): Settings {
  const { warm_start = null } = whole.metasgd_config ?? {};
  const start = warmStartOf({ metasgd_config: { warm_start } });
  const algorithms = whole.algorithms ?? [];
  if (start.kind === "none") return whole;
  if (start.kind === "tuned" && isRecipe) {
    return { ...whole, algorithms: [...new Set([...(["gru", "gru-context"] as const), ...algorithms])] };
  }
  const isTrained = start.kind === "network" && algorithms.includes(start.algorithm);
  if (isTrained || asked.metasgd_config?.warm_start !== undefined) return whole;
  return { ...whole, metasgd_config: { ...whole.metasgd_config, warm_start: null } };
}

/** Refuses a budget without a search. */
function requireSearch({ network_search }: Settings): void {
  if (network_search == null || network_search.settings !== undefined) return;
  throw usageError({
    where: "--budget (network_search)",
    found: "a budget, and no networks to try",
    expected: "--recipe best without a size or dropout of the network, or network_search.settings in --config",
  });
}

/** A recipe searches for no setting of the network that the user gives. */
function withoutNeedlessSearch(recipe: Settings, { gru_config = {}, gru_training = {} }: Settings): Settings {
  const given = [
    gru_config.embedding_dim,
    gru_config.hidden_dim,
    gru_training.item_dropout,
    gru_training.state_dropout,
  ];
  return given.every((value) => value === undefined) ? recipe : { ...recipe, network_search: null };
}

/** A recipe or a suite fits the numbers of iterations to the data only if the user gives none of them. */
export function withGivenIterations(recipe: Settings, { metasgd_config: given = {} }: Settings): Settings {
  const isGiven = given.num_meta_iterations !== undefined || given.eval_interval !== undefined;
  return isGiven ? mergeSettings(recipe, { metasgd_config: { eval_epochs: null } }) : recipe;
}

/**
 * A hybrid needs a network, preferably one that reads or adapts to a person's pairs. If the run trains none, the GRU with context
 * is added, and the plain GRU if there is no network at all.
 */
function withNetworks(whole: Settings): Settings {
  const algorithms = whole.algorithms ?? [];
  if (!algorithms.includes("hybrid") || algorithms.some((name) => isNetwork(name) && name !== "gru")) return whole;
  return { ...whole, algorithms: [...new Set([...algorithms, "gru", "gru-context"] as const)] };
}

/** Refuses inner rates that contradict each other. */
function requireRates({ algorithms, metasgd_config, finetune_config }: Config): void {
  if (!algorithms.includes("meta-sgd")) return;
  const [low, high] = metasgd_config.alpha_range;
  const start = metasgd_config.inner_lr_init;
  if (start < low || start > high) {
    throw usageError({
      where: "inner_lr_init (--alpha-init)",
      found: `${start} is outside alpha_range (--alpha-range) ${low}, ${high}`,
      expected: "a starting rate inside the allowed range",
      todo: `Set alpha_range as well, to a range that has ${start}`,
    });
  }
  const drawn = metasgd_config.alpha_init_range ?? [low, high];
  if (drawn[0] < low || drawn[1] > high) {
    throw usageError({
      where: "alpha_init_range",
      found: `${drawn.join(", ")} reaches beyond alpha_range (--alpha-range) ${low}, ${high}`,
      expected: "starting rates inside the allowed range",
    });
  }
  const fastest = Math.max(...finetune_config.rates);
  if (metasgd_config.warm_start === "tuned" && (low > 0 || high < fastest)) {
    throw usageError({
      where: "--warm-start tuned",
      found: `alpha_range (--alpha-range) ${low}, ${high}`,
      expected: `a range with 0, the rate of tensors that do not adapt, and ${fastest}, the fastest of finetune_config.rates`,
      todo: "Give --alpha-range -1,1, or --recipe best, which does",
    });
  }
}
