import { isDeepStrictEqual } from "node:util";
import type { AlgorithmName } from "@kshot/contract";
import { usageError } from "@kshot/contract";
import type { Results } from "@kshot/contract/schemas";
import { algorithmTitle, isMetaLearner, isOwnStart } from "../algorithm-table.js";
import type { NamedResult } from "./same-people.js";

/** One way to recommend: an algorithm with its settings, trained once per seed. */
export interface Method {
  /** Its title; where one algorithm appears with several settings, followed by those that differ. */
  readonly name: string;
  readonly algorithm: AlgorithmName;
  /** One result per seed, seeds ascending. */
  readonly results: readonly Results[];
}

/**
 * Results grouped into methods: the same algorithm with the same settings but for the seed, in the order of first appearance.
 *
 * @throws `USAGE` for two results of one method and seed.
 */
export function methodsOf(named: readonly NamedResult[]): Method[] {
  const groups: { algorithm: AlgorithmName; settings: Settings; label: string | undefined; results: Results[] }[] = [];
  for (const { result, label } of named) {
    const settings = settingsOf(result);
    const group = groups.find((g) => g.algorithm === result.algorithm && isDeepStrictEqual(g.settings, settings));
    if (group === undefined) groups.push({ algorithm: result.algorithm, settings, label, results: [result] });
    else group.results.push(result);
  }
  return groups.map((group) => {
    const { algorithm, results: own } = group;
    const others = groups.filter((other) => other.algorithm === algorithm);
    const suffix = others.length === 1 ? "" : ` (${distinction(group, others)})`;
    const name = `${algorithmTitle(algorithm)}${suffix}`;
    const bySeed = [...own].sort((a, b) => seedOf(a) - seedOf(b));
    const twice = bySeed.find((result, i) => i > 0 && seedOf(result) === seedOf(bySeed[i - 1]!));
    if (twice) {
      throw usageError({
        where: "results to compare",
        found: `two of ${name} with seed ${seedOf(twice)}`,
        expected: "one result per method and seed",
        todo: "Leave one of the two out, or train with another --seed",
      });
    }
    return { name, algorithm, results: bySeed };
  });
}

/** What sets a group apart from the others of its algorithm: its run's name, else the settings that differ, the first few. */
function distinction(
  { settings, label }: { settings: Settings; label: string | undefined },
  others: readonly { settings: Settings; label: string | undefined }[],
): string {
  if (label !== undefined && others.filter((other) => other.label === label).length === 1) return label;
  const differing = Object.keys(settings).filter((key) =>
    others.some((other) => !isDeepStrictEqual(other.settings[key], settings[key])),
  );
  const shown = differing.slice(0, 3).map((key) => `${key.split(".").at(-1)} ${JSON.stringify(settings[key])}`);
  return [...shown, ...(differing.length > 3 ? ["…"] : [])].join(", ");
}

/** The seed that a result was trained with. */
export function seedOf({ config }: Pick<Results, "config">): number {
  return typeof config.seed === "number" ? config.seed : 0;
}

type Settings = Readonly<Record<string, unknown>>;

/** The settings that decide what an algorithm does, as `group.key`, of a result or of a run that is planned; not the seed. */
export function settingsOf({ algorithm, config, k, q }: Pick<Results, "algorithm" | "config" | "k" | "q">): Settings {
  const settings: Record<string, unknown> = { K: k, Q: q };
  const add = (
    group: "gru_config" | "gru_training" | "metasgd_config" | "finetune_config",
    but: readonly string[] = [],
  ) => {
    for (const [key, value] of Object.entries((config[group] ?? {}) as Record<string, unknown>)) {
      if (!but.includes(key)) settings[`${group}.${key}`] = value;
    }
  };
  if (isMetaLearner(algorithm)) {
    add("gru_config");
    const start = (config.metasgd_config as { warm_start?: string | null } | undefined)?.warm_start ?? null;
    const chosen = ["inner_lr_init", "num_inner_steps", "context"];
    // What was chosen on the validation people is an outcome, and differs from seed to seed.
    const but = start === "tuned" ? chosen : [];
    add("metasgd_config", ["checkpoint_interval", "log_interval", "warm_start", ...but]);
    // A file's path says where it lay, not what it was.
    settings["metasgd_config.warm_start"] = isOwnStart(start) ? start : "file";
    if (start !== null && isOwnStart(start)) add("gru_training");
    // Among what the choice is made is a setting.
    if (start === "tuned") add("finetune_config");
  } else if (algorithm.startsWith("gru")) {
    add("gru_config");
    add("gru_training");
    // What fine-tuning chose on the validation people is its outcome, not its setting.
    if (algorithm === "gru-finetuned") add("finetune_config");
  }
  return settings;
}
