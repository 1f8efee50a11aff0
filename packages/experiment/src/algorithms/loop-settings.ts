import type { ParameterLayout } from "@kshot/contract";
import type { Config } from "@kshot/contract/schemas";
import type { MetaTrainingOptions } from "@kshot/meta-sgd";
import { adaptingGroup, head } from "./adapting-groups.js";

/**
 * The settings of the training loop: those of a configuration's `metasgd_config`, in the one place where a file's names become the
 * loop's. A name is the file's in camel case (docs/decisions/2026-11-27-option-names.md).
 */
export function loopSettings({ metasgd_config: settings }: Pick<Config, "metasgd_config">, layout: ParameterLayout) {
  return {
    iterations: settings.num_meta_iterations,
    innerSteps: settings.num_inner_steps,
    outerLr: settings.outer_lr,
    ...(settings.alpha_lr === null ? {} : { alphaLr: settings.alpha_lr }),
    outerSchedule: settings.outer_schedule,
    head,
    adapting: adaptingGroup(layout, settings.adapts),
    alphaSharing: settings.alpha_sharing,
    ...(settings.inner_clip === null ? {} : { innerClip: settings.inner_clip }),
    ...(settings.outer_clip === null ? {} : { outerClip: settings.outer_clip }),
    alphaRange: settings.alpha_range,
    order: settings.order,
    evalInterval: settings.eval_interval,
    patience: settings.patience,
    logInterval: settings.log_interval,
    checkpointInterval: settings.checkpoint_interval,
  } satisfies Partial<MetaTrainingOptions<unknown>>;
}
