import { existsSync } from "node:fs";
import { join } from "node:path";
import { isNetwork } from "@kshot/comparison";
import type { DataSet } from "@kshot/contract";
import { type Config, networkSearchSchema } from "@kshot/contract/schemas";
import { type HeldLock, readJsonFile, writeJsonFile } from "@kshot/store";
import { searchNetwork } from "../algorithms/index.js";
import { openEngine, withNetworkSettings } from "../config/index.js";
import type { RunningOptions } from "./options.js";
import { runFiles } from "./run-files.js";
import type { OpenRun } from "./start-run.js";

/**
 * The run's configuration with the size and dropout that the search chose, if it has one. The search is kept in the run's folder: a resumed run
 * continues it, and a run that has finished it reads the result.
 */
export async function searchedConfig(
  { config, directory }: OpenRun,
  data: DataSet,
  { progress, signal, circumstances, lock }: RunningOptions & { readonly lock: HeldLock },
): Promise<Config> {
  if (config.network_search === null || !config.algorithms.some(isNetwork)) return config;
  const file = join(directory, runFiles.networkSearch);
  const found = await searchNetwork({
    ...{ config, data, progress, seconds: circumstances.seconds },
    ...(signal ? { signal } : {}),
    open: (shape) => openEngine(config, shape, "carry", { callerComputes: true }),
    before: existsSync(file) ? await readJsonFile(file, networkSearchSchema) : undefined,
    save: async (search) => {
      await lock.stillHeld();
      await writeJsonFile(file, networkSearchSchema, search);
    },
  });
  const chosen = found?.chosen === undefined ? undefined : found.settings[found.chosen.setting];
  return chosen === undefined ? config : withNetworkSettings(config, chosen);
}
