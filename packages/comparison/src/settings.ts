import { isRecord } from "@kshot/contract";
import { isAdapting, isAlgorithm, isMetaLearner, isNetwork, isSeeded, takesSeenRule } from "./algorithms.js";
import { type ComparableResults, configOf } from "./results.js";

/** Settings by `group.key`. */
export type MethodSettings = Readonly<Record<string, unknown>>;

/** Settings that change no results, for an algorithm of a later version: paths, machine and seed. */
const changesNoNumber = new Set([
  ...["seed", "data_seed", "algorithms", "notebook", "preset", "$schema", "run_tag", "run_id", "files"],
  ...["engine", "device", "backend", "build", "workers", "evaluation_split", "K", "Q"],
]);

/** Values chosen on the validation people when a learner starts from fine-tuning: a result that differs between seeds. */
const chosenByTuning = ["inner_lr_init", "num_inner_steps", "context"];

/** Settings that say how often something is logged or saved, and one whose effect is in others: the numbers of iterations are stored. */
const bookkeeping = ["checkpoint_interval", "log_interval", "eval_epochs"];

/**
 * The settings that an algorithm reads and that change its results, as `group.key`; without the seed. Results with equal settings
 * are of one method: a setting that the algorithm does not read makes no difference.
 */
export function settingsOf(results: Pick<ComparableResults, "algorithm" | "config" | "k" | "q">): MethodSettings {
  const { algorithm, k, q } = results;
  const config = configOf(results);
  const settings: Record<string, unknown> = { K: k, Q: q };
  const add = (group: Readonly<Record<string, unknown>> | undefined, name: string, but: readonly string[] = []) => {
    for (const [key, value] of Object.entries(group ?? {})) {
      if (value !== undefined && !but.includes(key)) settings[`${name}.${key}`] = value;
    }
  };
  if (!isAlgorithm(algorithm)) {
    for (const [key, value] of Object.entries(config)) {
      if (changesNoNumber.has(key) || value === undefined) continue;
      if (isRecord(value)) add({ ...value }, key, bookkeeping);
      else settings[key] = value;
    }
    return settings;
  }
  if (!isSeeded(algorithm)) {
    return config.seen_rule === true && takesSeenRule(algorithm) ? { ...settings, seen_rule: true } : settings;
  }
  if (!isNetwork(algorithm)) {
    // A stack's network is one of the networks of its run.
    const networks = (config.algorithms ?? []).filter(isNetwork);
    return Object.assign(
      settings,
      { hybrid_joint: config.hybrid_joint ?? "auto", hybrid_networks: config.hybrid_networks ?? "auto" },
      { networks },
      ...networks.map((name) => settingsOf({ ...results, algorithm: name })),
    );
  }
  add(config.gru_config, "gru_config");
  if (isMetaLearner(algorithm)) {
    const start = config.metasgd_config?.warm_start ?? null;
    // A file's path does not identify its content.
    const own = start === null || start === "tuned" || isAlgorithm(start);
    const but = [
      "warm_start",
      "lr_clipping",
      "alpha_range",
      ...bookkeeping,
      ...(start === "tuned" ? chosenByTuning : []),
    ];
    add(config.metasgd_config, "metasgd_config", but);
    const range = config.metasgd_config?.alpha_range ?? config.metasgd_config?.lr_clipping;
    if (range !== undefined) settings["metasgd_config.alpha_range"] = range;
    settings["metasgd_config.warm_start"] = own ? start : "file";
    if (start !== null && own) add(config.gru_training, "gru_training");
    if (start === "tuned") add(config.finetune_config, "finetune_config");
    return settings;
  }
  add(config.gru_training, "gru_training");
  // The values that fine-tuning tries are settings; the value that it chose on the validation people is a result.
  if (isAdapting(algorithm)) add(config.finetune_config, "finetune_config");
  return settings;
}

/** Whether two values of a setting are the same; the order of an object's keys does not count. */
export function sameSetting(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

/** A setting as text that is equal for equal values. */
export function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, own: unknown) =>
      isRecord(own) ? Object.fromEntries(Object.entries(own).sort(([a], [b]) => (a < b ? -1 : 1))) : own,
    ) ?? "undefined"
  );
}

/** One setting in words, for a method's title: `hidden dim 64`, `5 inner steps`. */
export function settingInWords(key: string, value: unknown): string {
  const name = key.split(".").at(-1) ?? key;
  if (name === "num_inner_steps" && typeof value === "number")
    return `${value} inner ${value === 1 ? "step" : "steps"}`;
  if (name === "seen_rule") return value === true ? "with the seen rule" : "plain";
  const shown = value === undefined ? "–" : typeof value === "string" ? value : JSON.stringify(value);
  return `${name.replaceAll("_", " ")} ${shown}`;
}
