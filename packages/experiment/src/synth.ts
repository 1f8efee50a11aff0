import {
  type CampusOptions,
  campusCsv,
  campusOptions,
  campusTitles,
  campusVersion,
  createCampus,
} from "@kshot/episodes";
import { writeFolderAtomic } from "@kshot/store";
import type { Progress } from "./progress.js";

/** Name of the file that says which campus a folder holds. */
const campusFile = "campus.json";

/**
 * Writes the events of a synthetic campus: `events.csv` (user, item, time), `items.csv` (item, title) and `campus.json`
 * (version and options, from which the ideal observer can be rebuilt).
 */
export async function synthFolder(
  options: { directory: string; campus: Partial<CampusOptions> & { dataSeed: number } },
  progress: Progress,
): Promise<void> {
  const stage = "Synthetic campus";
  progress({ type: "stage", stage });
  const chosen = campusOptions(options.campus);
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
    { ownedBy: campusFile },
  );
  progress({ type: "done", stage, text: `${chosen.users} people, ${chosen.items} courses` });
}
