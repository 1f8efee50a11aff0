import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { dataError } from "@kshot/contract";
import type { Config } from "@kshot/contract/schemas";
import { type RunEntry, readCheckpoint, sha256Json } from "@kshot/store";
import { type DecidingConfig, decidingConfig, requireSettings } from "../config/index.js";
import { checkpointFolder, runFiles } from "./run-files.js";

/** The settings of the engine, by their keys in a configuration. */
const computing = ["engine", "device", "backend", "build"] as const;

/** The settings at the start of a run, for the registry. @param config the content of its `config.json` */
export function startedWith(config: Config): NonNullable<RunEntry["started_with"]> {
  const { $schema, notebook, run_tag, run_id, files, workers, gpu_memory, network_search, ...others } = config;
  const { eval_epochs, ...metasgd_config } = config.metasgd_config;
  // Settings that came later are left out where they have no effect: runs of earlier versions stay as they were started.
  const settings = {
    ...others,
    ...(eval_epochs === null ? { metasgd_config } : {}),
    ...(network_search === null ? {} : { network_search }),
  };
  const given = computing.filter((key) => config[key] !== undefined);
  return { settings: sha256Json(settings), ...Object.fromEntries(given.map((key) => [key, config[key]])) };
}

/**
 * Refuses a run whose `config.json` was changed since its start: it would continue as another model.
 *
 * @throws `DATA`; names the setting if a checkpoint or the registry shows it.
 */
export async function requireAsStarted(directory: string, config: Config, entry: RunEntry): Promise<void> {
  const before = entry.started_with;
  const now = startedWith(config);
  if (before === undefined || before.settings === now.settings) return;
  const file = join(directory, runFiles.config);
  const key = computing.find((name) => before[name] !== now[name]);
  if (key !== undefined) {
    throw dataError({
      where: `${file}, setting ${key}`,
      found: JSON.stringify(now[key] ?? null),
      expected: `${JSON.stringify(before[key] ?? null)}, which the run was started with`,
      todo: "Restore config.json, or start a new run",
    });
  }
  await requireCheckpointsFit(directory, config);
  throw dataError({
    where: file,
    found: `settings that were changed since the run was started (SHA-256 ${now.settings.slice(0, 12)}…)`,
    expected: `those it was started with (${before.settings.slice(0, 12)}… in meta.json)`,
    todo: "Restore config.json, or start a new run",
  });
}

function newestFirst(names: readonly string[]): string[] {
  return [...names].sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
}

/** Without the numbers of iterations that were fitted to the data, which are not those of `config.json`. */
function asConfigured(config: DecidingConfig): object {
  const { eval_epochs, num_meta_iterations, eval_interval, log_interval, ...metasgd_config } = config.metasgd_config;
  return eval_epochs === null ? config : { ...config, metasgd_config: { ...metasgd_config, eval_epochs } };
}

/** Names the setting in which a checkpoint of the run differs, if there is one. */
async function requireCheckpointsFit(directory: string, config: Config): Promise<void> {
  for (const algorithm of config.algorithms) {
    const folder = join(directory, checkpointFolder(algorithm));
    for (const name of existsSync(folder) ? newestFirst(await readdir(folder)) : []) {
      const file = join(folder, name);
      const found = await readCheckpoint(file).catch(() => undefined);
      if (found === undefined) continue;
      requireSettings(file, asConfigured(found.metadata.config), asConfigured(decidingConfig(config)));
    }
  }
}
