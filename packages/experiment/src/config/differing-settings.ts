import { isDeepStrictEqual } from "node:util";
import { isGroup } from "./settings.js";

/** One setting that differs between two sides. */
export interface DifferingSetting {
  /** `gru_config.hidden_dim`, `runs[0].settings.K`. */
  readonly key: string;
  readonly before: unknown;
  readonly now: unknown;
}

/** The differences of two sides: groups key by key, lists of groups of equal length entry by entry. */
export function differingSettings(before: unknown, now: unknown, key = ""): DifferingSetting[] {
  if (isDeepStrictEqual(before, now)) return [];
  const below = (name: string) => (key === "" ? name : `${key}.${name}`);
  if (isGroup(before) && isGroup(now)) {
    const names = new Set([...Object.keys(before), ...Object.keys(now)]);
    return [...names].flatMap((name) => differingSettings(before[name], now[name], below(name)));
  }
  if (before === undefined && isGroup(now)) return differingSettings({}, now, key);
  if (now === undefined && isGroup(before)) return differingSettings(before, {}, key);
  if (Array.isArray(before) && Array.isArray(now) && before.length === now.length && before.some(isGroup)) {
    return before.flatMap((value, i) => differingSettings(value, now[i], `${key}[${i}]`));
  }
  return [{ key, before, now }];
}
