import { existsSync } from "node:fs";
import { join } from "node:path";
import { type CampusOptions, campusOptions, campusVersion } from "@kshot/episodes";
import { withWaitingLock } from "@kshot/store";
import type { Progress } from "../progress.js";
import { prepareFolder } from "./prepare.js";
import { synthFolder } from "./synth.js";

/** The demo's campus: enough people for intervals, and training in minutes on two cores. */
export function demoCampus(dataSeed: number): CampusOptions {
  return campusOptions({ dataSeed });
}

/** The demo's data folder in a project folder. */
export function demoDirectory(project: string, options: { dataSeed: number; k: number; q: number }): string {
  const name = campusName(demoCampus(options.dataSeed));
  const sizes = options.k === 5 && options.q === 10 ? "" : `-K${options.k}-Q${options.q}`;
  return join(project, "data", `${name}${sizes}`);
}

function campusName({ users, items, dataSeed }: CampusOptions): string {
  return `campus-v${campusVersion}-${users}x${items}-seed${dataSeed}`;
}

/**
 * The data folder of the built-in demo, created by the same steps as the commands `synth` and `prepare`, and kept in the project
 * folder for the next run.
 */
export async function demoData(
  project: string,
  options: { dataSeed: number; k: number; q: number },
  progress: Progress,
  signal?: AbortSignal,
): Promise<{ directory: string; campus: CampusOptions }> {
  const campus = demoCampus(options.dataSeed);
  const directory = demoDirectory(project, options);
  const isMade = () => existsSync(join(directory, "summary.json"));
  if (isMade()) return { directory, campus };
  // If several runs start at the same time, one creates the data and the others wait.
  const onWait = (holder: string) =>
    progress({ type: "note", text: `Waiting for the demo's data, which another process makes: ${holder}.` });
  await withWaitingLock(
    directory,
    async () => {
      if (!isMade()) await makeDemoData(project, directory, options, progress);
    },
    { onWait, ...(signal ? { signal } : {}) },
  );
  return { directory, campus };
}

async function makeDemoData(
  project: string,
  directory: string,
  options: { dataSeed: number; k: number; q: number },
  progress: Progress,
): Promise<void> {
  const campus = demoCampus(options.dataSeed);
  const events = join(project, "data", `${campusName(campus)}-events`);
  await synthFolder({ directory: events, campus }, progress);
  await prepareFolder(
    {
      directory,
      inputs: [join(events, "events.csv")],
      columns: { user: "user", item: "item", time: "time" },
      sessionGap: 1800,
      maxPrefix: 50,
      split: [0.6, 0.15, 0.25],
      k: options.k,
      q: options.q,
      dataSeed: options.dataSeed,
      titles: { file: join(events, "items.csv"), id: "item", name: "title" },
      describe: { campus: { version: campusVersion, ...campus } },
    },
    progress,
  );
}
