import type { Config } from "@kshot/contract/schemas";
import { warmStartOf } from "./warm-start.js";

/** Settings that do not change a model: ids, paths, engine settings, and further metrics. */
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
  | "gpu_memory"
  | "anonymous"
  | "metrics";

/** The settings that decide the numbers; saved models, checkpoints and results store them. */
export type DecidingConfig = Omit<Config, OtherSetting>;

/**
 * The settings that decide the numbers. A file as the start of training is replaced by "file", because its path does not matter.
 *
 * @param config - a whole configuration, or a part that has all deciding settings
 */
export function decidingConfig(
  config: DecidingConfig & { readonly [Name in OtherSetting]?: Config[Name] | undefined },
): DecidingConfig {
  const {
    $schema,
    notebook,
    run_tag,
    run_id,
    files,
    engine,
    device,
    backend,
    build,
    workers,
    gpu_memory,
    metrics,
    anonymous,
    ...deciding
  } = config;
  if (warmStartOf(deciding).kind !== "file") return deciding;
  return { ...deciding, metasgd_config: { ...deciding.metasgd_config, warm_start: "file" } };
}
