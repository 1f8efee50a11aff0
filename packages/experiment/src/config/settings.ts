import { isRecord, withoutUndefined } from "@kshot/contract";
import type { Config } from "@kshot/contract/schemas";

/** T with every key optional, at every depth. */
export type DeepPartial<T> = {
  [K in keyof T]?: NonNullable<T[K]> extends readonly unknown[]
    ? T[K]
    : NonNullable<T[K]> extends object
      ? DeepPartial<NonNullable<T[K]>> | Extract<T[K], null>
      : T[K];
};

/** Part of a configuration: every key is optional, also in groups. */
export type Settings = DeepPartial<Config>;

/** Overrides settings by others: groups are merged key by key, lists are replaced, `undefined` changes nothing. */
export function mergeSettings(below: Settings, above: Settings): Settings {
  return merged(below, above);
}

/** A group of settings without undefined values and empty groups and lists. */
export function withoutEmpty<T extends object>(group: T): ReturnType<typeof withoutUndefined<T>> {
  const isEmpty = (value: unknown) => typeof value === "object" && value !== null && Object.keys(value).length === 0;
  const entries = Object.entries(group).map(([key, value]) => [key, isEmpty(value) ? undefined : value]);
  return withoutUndefined<T>(Object.fromEntries(entries));
}

function merged(below: Readonly<Record<string, unknown>>, above: Readonly<Record<string, unknown>>) {
  const whole: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    if (value === undefined) continue;
    const under = whole[key];
    whole[key] = isRecord(value) && isRecord(under) ? merged(under, value) : value;
  }
  return whole;
}
