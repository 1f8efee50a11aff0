import { join } from "node:path";
import { dataError } from "@kshot/contract";
import { campusSchema } from "@kshot/contract/schemas";
import {
  type CampusOptions,
  campusCsv,
  campusOptions,
  campusTitles,
  campusVersion,
  createCampus,
} from "@kshot/episodes";
import { fileBegins, type ReplaceRule, readJsonFile, requireReplaceable, writeFolderAtomic } from "@kshot/store";
import type { Progress } from "../progress.js";

/**
 * Reads `campus.json`, written by `synthFolder`: the information of a data folder for the ideal observer.
 *
 * @throws `DATA` for an invalid file, or another version.
 */
export async function readCampus(file: string): Promise<{ version: number } & CampusOptions> {
  const { format: _, version, ...options } = await readJsonFile(file, campusSchema);
  if (version !== campusVersion) {
    throw dataError({ where: file, found: `a campus of version ${version}`, expected: `version ${campusVersion}` });
  }
  return { version, ...campusOptions(options) };
}

/** Name of the file that describes the campus of a folder. */
const campusFile = "campus.json";

/** A campus may replace only an earlier campus. */
const overCampus: ReplaceRule = {
  wrote: (folder) => fileBegins(join(folder, campusFile), /^\s*\{\s*"format"\s*:\s*"kshot\.campus\//),
  own: (name) => ["events.csv", "items.csv", campusFile].includes(name),
};

/**
 * Writes the events of a synthetic campus: `events.csv` (user, item, time), `items.csv` (item, title) and `campus.json` (version
 * and options, from which the ideal observer can be rebuilt). An existing folder is replaced only if all of it was written by
 * `synth`.
 */
export async function synthFolder(
  options: { directory: string; campus: Partial<CampusOptions> & { dataSeed: number } },
  progress: Progress,
): Promise<void> {
  const stage = "Synthetic campus";
  progress({ type: "stage", stage });
  const chosen = campusOptions(options.campus);
  await requireReplaceable(options.directory, overCampus);
  const campus = createCampus(chosen);
  const titles = ["item,title\n"];
  for (const [item, title] of campusTitles(campus)) titles.push(`${item},"${title.replaceAll('"', '""')}"\n`);
  const description = { format: "kshot.campus/1", version: campusVersion, ...chosen };
  await writeFolderAtomic(
    options.directory,
    new Map<string, string | Iterable<string>>([
      ["items.csv", titles.join("")],
      [campusFile, `${JSON.stringify(description, null, 2)}\n`],
      ["events.csv", campusCsv(campus)],
    ]),
    overCampus,
  );
  progress({ type: "done", stage, text: `${chosen.users} people, ${chosen.items} courses` });
}
