import { existsSync } from "node:fs";
import { join } from "node:path";
import { dataError } from "@kshot/contract";
import { summarySchema } from "@kshot/contract/schemas";
import { type CampusOptions, campusOptions, campusVersion } from "@kshot/episodes";
import { readJsonFile } from "@kshot/store";

/**
 * The synthetic campus of a data folder, from its `summary.json`; the ideal observer needs it.
 *
 * @throws `DATA` for a folder of other data, and for a campus of another version.
 */
export async function campusOf(dataDir: string): Promise<CampusOptions> {
  const file = join(dataDir, "summary.json");
  const { options } = await readJsonFile(file, summarySchema);
  const campus = options.campus as (Partial<CampusOptions> & { version?: number; dataSeed: number }) | undefined;
  if (campus?.version === campusVersion) {
    const { users, items, taste, dataSeed } = campus;
    return campusOptions({
      dataSeed,
      ...(users === undefined ? {} : { users }),
      ...(items === undefined ? {} : { items }),
      ...(taste === undefined ? {} : { taste }),
    });
  }
  throw dataError({
    where: file,
    found: campus === undefined ? "no options.campus" : `a campus of version ${campus.version}`,
    expected: `data of the synthetic campus, version ${campusVersion}: only its true probabilities are known`,
    todo: "Remove `ideal` from the algorithms, or create the data with kshot synth and kshot prepare",
  });
}

/** Whether a data folder comes from the synthetic campus. @throws `DATA` for an invalid summary, or a campus of another version. */
export async function isCampus(dataDir: string): Promise<boolean> {
  const file = join(dataDir, "summary.json");
  if (!existsSync(file) || (await readJsonFile(file, summarySchema)).options.campus === undefined) return false;
  await campusOf(dataDir);
  return true;
}
