import { isDeepStrictEqual } from "node:util";
import { dataError, isRecord } from "@kshot/contract";

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
  if (isRecord(before) && isRecord(now)) {
    const names = new Set([...Object.keys(before), ...Object.keys(now)]);
    return [...names].flatMap((name) => differingSettings(before[name], now[name], below(name)));
  }
  if (before === undefined && isRecord(now)) return differingSettings({}, now, key);
  if (now === undefined && isRecord(before)) return differingSettings(before, {}, key);
  if (Array.isArray(before) && Array.isArray(now) && before.length === now.length && before.some(isRecord)) {
    return before.flatMap((value, i) => differingSettings(value, now[i], `${key}[${i}]`));
  }
  return [{ key, before, now }];
}

/**
 * Refuses a checkpoint whose settings are not those of its run.
 *
 * @param file - the checkpoint
 * @param before - settings in the checkpoint
 * @param now - settings of the run's `config.json`
 * @throws `DATA`, naming the first setting that differs
 */
export function requireSettings(file: string, before: object, now: object): void {
  const [differing] = differingSettings({ ...before }, { ...now });
  if (differing === undefined) return;
  throw dataError({
    where: `${file}, setting ${differing.key}`,
    found: JSON.stringify(differing.before),
    expected: `${JSON.stringify(differing.now)}, as the run's config.json has`,
    todo: "Restore config.json, or start a new run",
  });
}
