import type { Config } from "@kshot/contract/schemas";

/** T with every key optional, at every depth. */
export type DeepPartial<T> = {
  [K in keyof T]?: T[K] extends readonly unknown[] ? T[K] : T[K] extends object ? DeepPartial<T[K]> : T[K];
};

/** Part of a configuration: every key is optional, also in groups. */
export type Settings = DeepPartial<Config>;

/** Overrides settings by others: groups are merged key by key, lists are replaced, `undefined` changes nothing. */
export function mergeSettings(below: Settings, above: Settings): Settings {
  return merged(below, above);
}

/** Whether a value is a group of settings (not a list and not a single value). */
export function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function merged(below: Readonly<Record<string, unknown>>, above: Readonly<Record<string, unknown>>) {
  const whole: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    if (value === undefined) continue;
    const under = whole[key];
    whole[key] = isGroup(value) && isGroup(under) ? merged(under, value) : value;
  }
  return whole;
}
