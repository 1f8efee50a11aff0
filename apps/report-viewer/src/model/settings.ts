import type { OpenFile } from "./methods.js";

export function seedOf({ results }: OpenFile): number {
  const { seed } = results.config;
  return typeof seed === "number" ? seed : 0;
}

/** Settings that say where and on what a run was made, not what. */
const changesNoNumber = new Set([
  ...["seed", "algorithms", "notebook", "preset", "$schema", "run_tag", "run_id", "files"],
  ...["engine", "device", "backend", "build", "workers"],
]);

/** Settings by `group.key`; without the seed and what changes no number. */
export function settingsOf({ results }: OpenFile): Record<string, unknown> {
  const flat: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(results.config)) {
    if (changesNoNumber.has(key)) continue;
    // What fine-tuning found on the validation people differs from seed to seed.
    if (results.algorithm === "gru-finetuned" && key === "metasgd_config") continue;
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      for (const [inner, own] of Object.entries(value)) flat[`${key}.${inner}`] = own;
    } else flat[key] = value;
  }
  const start = flat["metasgd_config.warm_start"];
  if (start === "tuned") {
    for (const key of ["inner_lr_init", "num_inner_steps", "context"]) delete flat[`metasgd_config.${key}`];
  }
  if (typeof start === "string" && start.includes("/")) flat["metasgd_config.warm_start"] = "file";
  return flat;
}

export function stable(value: unknown): string {
  return JSON.stringify(value) ?? "undefined";
}
