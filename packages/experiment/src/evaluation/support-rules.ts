import type { AlgorithmName } from "@kshot/contract";
import type { MetasgdConfig } from "@kshot/contract/schemas";
import { supportRules as rulesOf, type SupportRules } from "@kshot/recommend";

export type { SupportRules };

/** The settings of a configuration that the rules depend on. */
export type SupportSettings = Pick<MetasgdConfig, "context" | "num_inner_steps" | "inner_clip" | "mask">;

/** The rules of a network (`@kshot/recommend`), from the settings of a configuration file. */
export function supportRules(algorithm: AlgorithmName, settings: SupportSettings): SupportRules {
  const { context, num_inner_steps: innerSteps, inner_clip: innerClip, mask } = settings;
  return rulesOf(algorithm, { context, innerSteps, innerClip, mask });
}
