import { withoutUndefined } from "@kshot/contract";
import type { Config, NetworkSettings } from "@kshot/contract/schemas";

/** A configuration with the settings of one candidate. */
export function withNetworkSettings(config: Config, { gru_config, gru_training }: NetworkSettings): Config {
  return {
    ...config,
    gru_config: { ...config.gru_config, ...withoutUndefined(gru_config) },
    gru_training: { ...config.gru_training, ...withoutUndefined(gru_training) },
  };
}
