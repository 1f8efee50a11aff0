import type { Config } from "@kshot/contract/schemas";

/** Networks of a run that others can start from, by `warm_start`. */
const warmStartNetworks = ["gru", "gru-context", "maml"] as const satisfies readonly WarmStartNetwork[];

/** A network of a run that others can start from. */
export type WarmStartNetwork = "gru" | "gru-context" | "maml";

/** The start of a run's meta-learners. */
export type WarmStart =
  /** From random parameters. */
  | { readonly kind: "none" }
  /** From a network of the run itself or, if the run does not train it, of a given file. */
  | { readonly kind: "network"; readonly algorithm: WarmStartNetwork }
  /** From the best fine-tuning of the run's plain GRU, or of its GRU with context. */
  | { readonly kind: "tuned" }
  | { readonly kind: "file"; readonly path: string };

/** Parses the setting `warm_start`: null, the name of a network, `tuned`, or the path of a model. */
export function parseWarmStart(setting: string | null): WarmStart {
  if (setting === null) return { kind: "none" };
  if (setting === "tuned") return { kind: "tuned" };
  const algorithm = warmStartNetworks.find((name) => name === setting);
  return algorithm === undefined ? { kind: "file", path: setting } : { kind: "network", algorithm };
}

/** The start of a configuration's meta-learners. */
export function warmStartOf(config: {
  readonly metasgd_config: Pick<Config["metasgd_config"], "warm_start">;
}): WarmStart {
  return parseWarmStart(config.metasgd_config.warm_start);
}

/** Whether a warm start needs no file. */
export function isOwnStart(setting: string | null): boolean {
  return parseWarmStart(setting).kind !== "file";
}
