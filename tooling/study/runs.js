import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The runs with a hybrid of some folders, by seed: a run's folder is itself, the folder of a suite's runs has those in it.
 *
 * @param seeds the seeds taken, `1,2`; left out: all
 */
export function hybridRuns(folders, seeds) {
  const taken = seeds?.split(",").map(Number);
  const all = folders.flatMap((folder) =>
    isRun(folder)
      ? [folder]
      : readdirSync(folder)
          .map((name) => join(folder, name))
          .filter((own) => isRun(own) && existsSync(join(own, "models", "hybrid"))),
  );
  const seedOf = (run) => JSON.parse(readFileSync(join(run, "config.json"), "utf8")).seed;
  const runs = all.filter((run) => taken === undefined || taken.includes(seedOf(run)));
  if (runs.length === 0)
    throw new Error(`${folders.join(", ")}: no run with a hybrid. Expected a run, or the folder of a suite's runs`);
  return runs.sort((a, b) => seedOf(a) - seedOf(b));
}

function isRun(folder) {
  return existsSync(join(folder, "config.json"));
}
