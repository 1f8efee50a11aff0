import { isDeepStrictEqual } from "node:util";
import { isRecord } from "@kshot/contract";
import { type Config, withCurrentNames } from "@kshot/contract/schemas";
import type { DifferingSetting } from "./differing-settings.js";
import { presets } from "./presets.js";
import { type ConfigLayers, resolveConfig } from "./resolve-config.js";
import { mergeSettings, type Settings } from "./settings.js";

/** Settings that may differ between the processes of one training. */
const ownOfProcess = [
  ...["$schema", "notebook", "run_tag", "run_id", "preset", "files"],
  ...["workers", "gpu_memory", "anonymous", "metrics", "evaluation_split"],
];

/**
 * The settings that a person has given, with the values that they resolve to: those of the preset, recipe, file and flags that were typed,
 * without those that may differ between the processes of one training. The start of the training is not among them: the leading process sends it.
 *
 * @throws as `resolveConfig`
 */
export function typedSettings(layers: ConfigLayers): Settings {
  const { preset, recipe = {}, file, flags = {} } = layers;
  const fromFile = (file === undefined ? {} : withCurrentNames(file.content)) as Settings;
  const given = [recipe, fromFile, flags].reduce(mergeSettings, preset === undefined ? {} : presets[preset]);
  const { metasgd_config, ...others } = picked(resolveConfig(layers), given) as Settings;
  const { warm_start: _, ...meta } = metasgd_config ?? {};
  const own = { ...others, ...(metasgd_config === undefined ? {} : { metasgd_config: meta }) };
  return Object.fromEntries(Object.entries(own).filter(([name]) => !ownOfProcess.includes(name)));
}

/** The typed settings whose value in the configuration is another. */
export function otherSettings(typed: Settings, config: Config): DifferingSetting[] {
  return against(typed, config, "");
}

function against(typed: unknown, now: unknown, key: string): DifferingSetting[] {
  if (isRecord(typed) && isRecord(now)) {
    return Object.entries(typed).flatMap(([name, value]) =>
      against(value, now[name], key === "" ? name : `${key}.${name}`),
    );
  }
  return isDeepStrictEqual(typed, now) ? [] : [{ key, before: typed, now }];
}

/** The values of `whole` under the keys that `given` has. */
function picked(whole: unknown, given: unknown): unknown {
  if (!isRecord(whole) || !isRecord(given)) return whole;
  const names = Object.keys(given).filter((name) => given[name] !== undefined && Object.hasOwn(whole, name));
  return Object.fromEntries(names.map((name) => [name, picked(whole[name], given[name])]));
}
