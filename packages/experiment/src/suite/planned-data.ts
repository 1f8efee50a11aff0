import { join } from "node:path";
import { entryAt } from "@kshot/contract";
import { configSchema, suiteStateSchema } from "@kshot/contract/schemas";
import { readJsonFile } from "@kshot/store";
import { openDataFolder, requireFingerprint } from "../data/index.js";
import { runFiles, suiteFile } from "../run/index.js";

/**
 * Checks that a data folder is the one that a suite was planned on.
 *
 * @param directory - folder of the suite, absolute
 * @throws `DATA` for other data, and as `openDataFolder`
 */
export async function requirePlannedData(directory: string, dataDir: string): Promise<void> {
  const { runs, dataFingerprint } = await readJsonFile(join(directory, suiteFile), suiteStateSchema);
  const { K, Q } = await readJsonFile(join(directory, entryAt(runs, 0).run_tag, runFiles.config), configSchema);
  const { fingerprint } = await openDataFolder(dataDir, { k: K, q: Q });
  requireFingerprint(dataDir, fingerprint, dataFingerprint);
}
