import { finishPopulation, planPopulation, readPlan } from "@kshot/fleet";
import { quoted } from "../flags/as-typed.js";
import type { FinishFlags } from "../flags/fleet.js";
import type { PopulationPlanFlags } from "../flags/population.js";
import { shownPath, typedPath } from "../paths.js";
import { asCalled, version } from "../program.js";
import { textProgress } from "../terminal/progress.js";
import { itemList } from "./item-list.js";
import { modelOf } from "./model.js";

/** `kshot population plan`. */
export async function runPopulationPlan(flags: PopulationPlanFlags): Promise<void> {
  const { shards, to, tries, lease, sessionGap, build, user, item, time, timeUnit, timeFormat } = flags;
  const { top, newOnly, unknown, among, exclude } = flags;
  const directory = typedPath(flags.out);
  const plan = await planPopulation({
    ...{ directory, shards, version, tries, lease, sessionGap, model: await modelOf(flags.model) },
    events: {
      inputs: flags.events.map(typedPath),
      columns: { user, item, time },
      ...(timeUnit === undefined ? {} : { timeUnit }),
      ...(timeFormat === undefined ? {} : { timeFormat }),
    },
    ranking: {
      ...{ top, newOnly, unknown },
      ...(among === undefined ? {} : { among: [...itemList(among)] }),
      ...(exclude === undefined ? {} : { exclude: [...itemList(exclude)] }),
    },
    ...(build === undefined ? {} : { build }),
    ...(to === undefined ? {} : { to }),
    progress: textProgress(process.stderr, () => performance.now()),
  });
  const shown = quoted(shownPath(directory));
  process.stdout.write(
    `${plan.cells.length} shards in ${shownPath(directory)}\n\nNext, on every machine:\n    ${asCalled()} population work ${shown}\nThen:\n    ${asCalled()} population finish ${shown}\n`,
  );
}

/** `kshot population finish`. */
export async function runPopulationFinish({ json }: FinishFlags, dir: string): Promise<void> {
  const directory = typedPath(dir);
  const { people, rows, shards } = await finishPopulation(directory, await readPlan(directory, version));
  process.stdout.write(
    json
      ? `${JSON.stringify({ people, rows, shards: shards.length })}\n`
      : `${people} people, ${rows} rows in ${shards.length} files. _MANIFEST.json lists all files.\n`,
  );
}
