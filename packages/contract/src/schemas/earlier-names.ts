import { isRecord } from "../records.js";

/** A setting's name in files of earlier versions, and its name now. */
const earlier = "lr_clipping";
const current = "alpha_range";

/** `metasgd_config` with `lr_clipping` under its present name. A group with both names is not changed; it is refused later. */
export function withAlphaRange(metasgdConfig: unknown): unknown {
  if (!isRecord(metasgdConfig) || !(earlier in metasgdConfig) || hasBothNames(metasgdConfig)) return metasgdConfig;
  const { [earlier]: range, ...rest } = metasgdConfig;
  return { ...rest, [current]: range };
}

/** Whether the range of α is given under both of its names. */
export function hasBothNames(metasgdConfig: unknown): boolean {
  return isRecord(metasgdConfig) && earlier in metasgdConfig && current in metasgdConfig;
}

/**
 * Settings (a whole configuration or a part) with every setting under its present name.
 *
 * @param settings the content of a file, not yet checked
 */
export function withCurrentNames<T>(settings: T): T {
  if (!isRecord(settings) || !isRecord(settings.metasgd_config)) return settings;
  return { ...settings, metasgd_config: withAlphaRange(settings.metasgd_config) };
}
