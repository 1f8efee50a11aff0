import type { Config } from "@kshot/contract/schemas";
import { warmStartOf } from "./warm-start.js";

/** Settings that decide no number of a model: ids, paths, what computes, and what is measured besides. */
export type OtherSetting =
  | "$schema"
  | "notebook"
  | "run_tag"
  | "run_id"
  | "files"
  | "engine"
  | "device"
  | "backend"
  | "build"
  | "workers"
  | "metrics";

/** The part of a configuration that decides the numbers; saved models, checkpoints and results hold it. */
export type DecidingConfig = Omit<Config, OtherSetting>;

/**
 * The part of a configuration that decides the numbers. A file that was started from is "file": its path decides nothing.
 *
 * @param config - a whole configuration, or a part that has all deciding settings
 */
export function decidingConfig(
  config: DecidingConfig & { readonly [Name in OtherSetting]?: Config[Name] | undefined },
): DecidingConfig {
  const { $schema, notebook, run_tag, run_id, files, engine, device, backend, build, workers, metrics, ...deciding } =
    config;
  if (warmStartOf(deciding).kind !== "file") return deciding;
  return { ...deciding, metasgd_config: { ...deciding.metasgd_config, warm_start: "file" } };
}
