import type { Config } from "@kshot/contract/schemas";

/** Networks of a run that others may start from, by `warm_start`. */
const warmStartNetworks = ["gru", "gru-context", "maml"] as const satisfies readonly WarmStartNetwork[];

/** A network of a run that others may start from. */
export type WarmStartNetwork = "gru" | "gru-context" | "maml";

/** Where the meta-learners of a run start. */
export type WarmStart =
  /** From fresh parameters. */
  | { readonly kind: "none" }
  /** From a network of the run itself or, where the run trains none, of a file that is given beside. */
  | { readonly kind: "network"; readonly algorithm: WarmStartNetwork }
  /** From the best fine-tuning of the run's plain GRU, or of its GRU with context. */
  | { readonly kind: "tuned" }
  | { readonly kind: "file"; readonly path: string };

/** The setting `warm_start` as what it means: null, the name of a network, `tuned`, else the path of a model. */
export function parseWarmStart(setting: string | null): WarmStart {
  if (setting === null) return { kind: "none" };
  if (setting === "tuned") return { kind: "tuned" };
  const algorithm = warmStartNetworks.find((name) => name === setting);
  return algorithm === undefined ? { kind: "file", path: setting } : { kind: "network", algorithm };
}

/** Where the meta-learners of a configuration start. */
export function warmStartOf(config: {
  readonly metasgd_config: Pick<Config["metasgd_config"], "warm_start">;
}): WarmStart {
  return parseWarmStart(config.metasgd_config.warm_start);
}

/** Whether a warm start needs no file. */
export function isOwnStart(setting: string | null): boolean {
  return parseWarmStart(setting).kind !== "file";
}
